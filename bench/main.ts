import { writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { makeBases } from './bases.ts';
import { startBuilders } from './builders/start-builders.ts';
import { makeDisk } from './disk.ts';
import { measureMachine } from './machine.ts';
import { readOptions, usage, type Options } from './options.ts';
import { startRegistry } from './registry.ts';
import { resultTable, summary } from './report/table.ts';
import { notes, resultsAsJson, writeReport, type Results } from './report/write-report.ts';
import { measureWorkload, type Row } from './session.ts';
import { formatTable } from './statistics.ts';
import { allWorkloads } from './workloads/all-workloads.ts';

/*
 * Builds the workloads with Kiln and with the peers that are installed, in turns, and prints medians and ratios. See the
 * README.
 */

try {
  process.exitCode = await main();
} catch (error) {
  say(`error: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}

async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2));
  if (options === 'help' || options === 'list') {
    console.log(options === 'help' ? usage : allWorkloads.map(({ id, title }) => `${id}  ${title}`).join('\n'));
    return 0;
  }
  if (process.getuid?.() !== 0) throw new Error('the disk of the session can only be mounted by root');
  const interruption = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => {
      interruption.abort();
    });
  }
  try {
    const results = await measure(options, interruption.signal);
    print(results);
    if (options.json !== undefined) writeFileSync(options.json, resultsAsJson(results));
    if (options.report !== undefined) writeReport(options.report, results);
    if (interruption.signal.aborted) return interrupted();
    return results.rows.some(({ outcomes }) => outcomes.get('kiln')?.kind === 'failed') ? 1 : 0;
  } catch (error) {
    if (!interruption.signal.aborted) throw error;
    return interrupted();
  }
}

function interrupted(): number {
  say('interrupted');
  return 130;
}

async function measure(options: Options, signal: AbortSignal): Promise<Results> {
  const load = loadavg()[0] ?? 0;
  say(`load of the machine: ${load.toFixed(1)}`);
  if (load > 1) say('warning: the machine is busy with something else; times will not mean much');
  const machine = measureMachine();
  const disk = await makeDisk(options.disk);
  const cleanups = [() => disk.remove()];
  try {
    say('making the base images');
    const names = options.workloads.flatMap(({ bases, start }) => (start === 'empty' ? ['debian' as const] : bases));
    const folder = options.bases ?? join(disk.folder, 'bases');
    const bases = await makeBases(names, { folder, program: options.program, signal });
    let surroundings = { registry: '' };
    if (options.workloads.some(({ start }) => start === 'empty')) {
      const registry = await startRegistry(join(disk.folder, 'registry'), bases.debian);
      cleanups.unshift(() => registry.stop());
      surroundings = { registry: registry.address };
    }
    const builders = await startBuilders({
      ...{ disk, bases, program: options.program, names: options.builders, signal },
      started: (builder) => cleanups.unshift(() => builder.stop()),
    });
    say(builders.map(({ name, version }) => `${name} ${version}`).join(', '));
    const rows: Row[] = [];
    for (const workload of options.workloads) {
      const row = await measureWorkload(workload, { disk, builders, surroundings, runs: options.runs, signal, say });
      // What was measured before is not lost.
      if (signal.aborted) break;
      rows.push(row);
    }
    return { machine, load, builders, rows };
  } finally {
    for (const cleanup of cleanups) {
      await cleanup().catch((error: unknown) => {
        say(`cannot clean up: ${String(error)}`);
      });
    }
  }
}

function print(results: Results): void {
  const names = results.builders.map(({ name }) => name);
  console.log(formatTable(resultTable(results.rows, names)));
  console.log(`\n${notes(results).join('\n')}\n\n${summary(results.rows)}`);
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
