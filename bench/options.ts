import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { BuilderName } from './builders/builder.ts';
import { builderNames } from './builders/start-builders.ts';
import { allWorkloads } from './workloads/all-workloads.ts';
import type { Workload } from './workloads/workload.ts';

/** What was asked for. */
export interface Options {
  readonly runs: number;
  readonly workloads: readonly Workload[];
  readonly builders: readonly BuilderName[];
  /** `bin/kiln.js` of the Kiln to measure. */
  readonly program: string;
  /** Where bases are kept from one session to the next. */
  readonly bases: string | undefined;
  readonly json: string | undefined;
  readonly report: string | undefined;
  /** Of the disk, in GiB. */
  readonly disk: number;
}

export const usage = `usage: npm run bench -- [options]

  --runs N        runs of each builder, besides one that is not counted (5)
  --only W1,W4    these workloads
  --with kiln,... these builders (all that are installed)
  --json FILE     write all samples
  --report DIR    write a page with the table, plots, and all samples
  --bases DIR     keep the base images there, and take those that are there
  --kiln FILE     bin/kiln.js of another Kiln
  --disk GIB      size of the disk at most (40)
  --list          print the workloads`;

/** Throws with what is wrong. */
export function readOptions(args: readonly string[]): Options | 'help' | 'list' {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    args: [...args],
    options: {
      ...{ runs: text, only: text, with: text, json: text, report: text, bases: text, kiln: text, disk: text },
      list: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help === true) return 'help';
  if (values.list === true) return 'list';
  const path = (value: string | undefined) => (value === undefined ? undefined : resolve(value));
  return {
    runs: count('--runs', values.runs ?? '5'),
    workloads: chosenWorkloads(values.only),
    builders: chosenBuilders(values.with),
    program: path(values.kiln) ?? resolve(import.meta.dirname, '../bin/kiln.js'),
    bases: path(values.bases),
    json: path(values.json),
    report: path(values.report),
    disk: count('--disk', values.disk ?? '40'),
  };
}

function count(flag: string, value: string): number {
  if (!/^[1-9]\d{0,5}$/.test(value)) throw new Error(`${flag}: ${value} is no count`);
  return Number(value);
}

function chosenWorkloads(list: string | undefined): readonly Workload[] {
  if (list === undefined) return allWorkloads;
  const wanted = list.split(',').map((name) => name.trim().toUpperCase());
  const names = ({ id, rows }: Workload) => [id, ...rows].map((name) => name.toUpperCase());
  const unknown = wanted.find((name) => !allWorkloads.some((workload) => names(workload).includes(name)));
  if (unknown !== undefined) throw new Error(`--only: there is no ${unknown}; --list prints what there is`);
  return allWorkloads.filter((workload) => names(workload).some((name) => wanted.includes(name)));
}

function chosenBuilders(list: string | undefined): readonly BuilderName[] {
  if (list === undefined) return builderNames;
  const wanted = list.split(',');
  const unknown = wanted.find((name) => !builderNames.some((known) => known === name));
  if (unknown !== undefined) throw new Error(`--with: there is no ${unknown}, only ${builderNames.join(', ')}`);
  return builderNames.filter((name) => wanted.includes(name));
}
