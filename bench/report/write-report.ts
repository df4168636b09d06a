import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Builder } from '../builders/builder.ts';
import { machineLines, type MachineLimits } from '../machine.ts';
import type { Row } from '../session.ts';
import { barPlot } from './bar-plot.ts';
import { growthLines } from './growth.ts';
import { judge } from './judgement.ts';
import { linePlot } from './line-plot.ts';
import { remarks, resultTable, summary } from './table.ts';

/** What a session found. */
export interface Results {
  readonly machine: MachineLimits;
  /** Load of the machine before it began. */
  readonly load: number;
  readonly builders: readonly Builder[];
  readonly rows: readonly Row[];
}

/** All samples. */
export function resultsAsJson({ machine, load, builders, rows }: Results): string {
  const value = {
    machine,
    load,
    builders: builders.map(({ name, version, notes }) => ({ name, version, notes })),
    rows: rows.map((row) => ({
      id: row.workload.id,
      title: row.workload.title,
      goal: row.workload.goal,
      ratio: judge(row).ratio ?? null,
      outcomes: Object.fromEntries(row.outcomes),
    })),
  };
  return `${JSON.stringify(value, null, 2)}\n`;
}

/** What is to be known about the table, a line each. */
export function notes({ machine, load, builders, rows }: Results): readonly string[] {
  return [
    ...machineLines(machine),
    `load at the start: ${load.toFixed(1)}`,
    `builders: ${builders.map(({ name, version }) => `${name} ${version}`).join(', ')}`,
    ...builders.flatMap((builder) => builder.notes),
    ...remarks(rows),
  ];
}

/** Writes `report.md`, `results.json`, a picture a workload, and one for each line of growth. */
export function writeReport(folder: string, results: Results): void {
  mkdirSync(folder, { recursive: true });
  const { rows, builders } = results;
  const names = builders.map(({ name }) => name);
  const [heading = [], ...body] = resultTable(rows, names);
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const pictures = [
    ...rows
      .filter(({ workload }) => workload.growth === undefined)
      .map((row) => [row.workload.id, barPlot(row)] as const),
    ...growthLines(rows).map((growth) => [growth.line, linePlot(growth)] as const),
  ];
  for (const [name, svg] of pictures) writeFileSync(join(folder, `${name}.svg`), svg);
  const page = [
    '# Whole builds',
    '',
    line(heading),
    line(heading.map((_, column) => (column === 0 ? '---' : '---:'))),
    ...body.map(line),
    '',
    ...notes(results).map((note) => `- ${note.replaceAll('\n', ' ')}`),
    '',
    summary(rows),
    '',
    ...pictures.map(([name]) => `![${name}](${name}.svg)\n`),
  ];
  writeFileSync(join(folder, 'report.md'), page.join('\n'));
  writeFileSync(join(folder, 'results.json'), resultsAsJson(results));
}
