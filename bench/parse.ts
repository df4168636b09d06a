import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { loadDockerfiles } from './dockerfiles.ts';
import {
  growthFactor,
  measureCorpus,
  measureGrowth,
  measureHostileInputs,
  slowest,
  type CorpusTimes,
  type GrowthTime,
  type NamedTime,
} from './measure.ts';
import { format, formatTable } from './statistics.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: 'string', default: '5' }, json: { type: 'string' } },
});

const corpus = measureCorpus(loadDockerfiles(positionals[0]), Math.max(1, Number(values.rounds) || 5));
printCorpus(corpus);
const growth = measureGrowth();
printGrowth(growth);
const hostile = measureHostileInputs();
printHostile(hostile);
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify({ corpus, growth, hostile }, null, 2)}\n`);
printSummary();

function printCorpus({ files, median, p95, max, total }: CorpusTimes): void {
  console.log(`${files} files, parse and lint`);
  if (files === 0) return;
  console.log(
    formatTable([
      ['median', `${format(median)} ms`],
      ['p95', `${format(p95)} ms`],
      ['max', `${format(max.ms)} ms`, max.name],
      ['total', `${format(total)} ms`],
    ]),
  );
}

function printGrowth(times: readonly GrowthTime[]): void {
  const rows = times.map(({ lines, ms, msPerThousandLines }) => [
    String(lines),
    format(ms),
    format(msPerThousandLines),
  ]);
  console.log(`\n${formatTable([['generated lines', 'ms', 'ms per 1,000 lines'], ...rows])}`);
  console.log(`growth: ${format(growthFactor(times))} x`);
}

function printHostile(times: readonly NamedTime[]): void {
  console.log(`\n${formatTable([['hostile input', 'ms'], ...times.map(({ name, ms }) => [name, format(ms)])])}`);
}

function printSummary(): void {
  const tenThousand = growth.find(({ lines }) => lines === 10_000)?.ms ?? NaN;
  const worst = slowest(hostile);
  console.log(
    `\nmedian ${format(corpus.median)} ms a file, 10,000 lines ${format(tenThousand)} ms, ` +
      `growth ${format(growthFactor(growth))} x, worst hostile input ${format(worst.ms)} ms (${worst.name})`,
  );
}
