import type { BuilderName } from '../builders/builder.ts';
import type { Row } from '../session.ts';
import { growthFactor, growthLines } from './growth.ts';
import { judge, type Judgement } from './judgement.ts';

/** Rows of cells, the first of them the heading. A median has its least and its most behind it, in seconds. */
export function resultTable(rows: readonly Row[], builders: readonly BuilderName[]): readonly (readonly string[])[] {
  const heading = [
    'workload',
    'goal',
    ...builders.flatMap((name) => [`${name}, s`, 'MiB']),
    'Kiln / fastest peer',
    'as a goal',
  ];
  return [
    heading,
    ...rows.map((row) => cells(row, builders)),
    ...memoryRows(rows, builders),
    ...growthRows(rows, builders),
  ];
}

function cells(row: Row, builders: readonly BuilderName[]): readonly string[] {
  const { figures, ratio, ratioGoal, inTime, inRatio } = judge(row);
  const { id, title, goal } = row.workload;
  const ofBuilders = builders.flatMap((name) => {
    const figure = figures.get(name);
    if (figure === undefined) return [row.outcomes.get(name)?.kind === 'failed' ? 'failed' : '-', '-'];
    const { median, min, max, memory } = figure;
    return [`${seconds(median)} (${seconds(min)}-${seconds(max)})`, memory.toFixed(0)];
  });
  return [
    `${id} ${title}`,
    goal.seconds === undefined ? '' : `<= ${goal.seconds} s ${mark(inTime)}`,
    ...ofBuilders,
    ratio === undefined ? '-' : ratio.toFixed(2),
    ratioGoal === undefined ? '' : `<= ${ratioGoal.toFixed(2)} ${mark(inRatio)}`,
  ];
}

function memoryRows(rows: readonly Row[], builders: readonly BuilderName[]): readonly (readonly string[])[] {
  return rows.flatMap((row) => {
    const { memory } = row.workload.goal;
    if (memory === undefined) return [];
    const { figures, inMemory } = judge(row);
    const ofBuilders = builders.flatMap((name) => ['', figures.get(name)?.memory.toFixed(0) ?? '-']);
    return [[`W11 peak memory in ${row.workload.id}`, `<= ${memory} MiB ${mark(inMemory)}`, ...ofBuilders, '', '']];
  });
}

function growthRows(rows: readonly Row[], builders: readonly BuilderName[]): readonly (readonly string[])[] {
  return growthLines(rows).map(({ line, unit, points }) => {
    const ofBuilders = builders.flatMap((name) => {
      const factor = growthFactor(points.get(name) ?? []);
      return [factor === undefined ? '-' : `${factor.toFixed(2)} x`, ''];
    });
    return [`${line} growth with ${unit}: the last over the first, a piece`, 'linear: 1', ...ofBuilders, '', ''];
  });
}

/** Why a cell is empty, a line each. */
export function remarks(rows: readonly Row[]): readonly string[] {
  return rows.flatMap(({ workload, outcomes }) =>
    [...outcomes].flatMap(([name, outcome]) => {
      switch (outcome.kind) {
        case 'measured':
          return [];
        case 'left-out':
          return [`${workload.id}: ${name} does not take part: ${outcome.reason}`];
        case 'failed':
          return [`${workload.id}: ${name} failed: ${outcome.reason.split('\n').at(-1) ?? ''}`];
      }
    }),
  );
}

/** All of it in a line. */
export function summary(rows: readonly Row[]): string {
  const judged = rows.map((row) => ({ id: row.workload.id, ...judge(row) }));
  const goals = judged.flatMap(({ inTime, inMemory }) => [inTime, inMemory]).filter((reached) => reached !== undefined);
  const ratios = judged.flatMap(({ inRatio }) => inRatio ?? []);
  const compared = judged.filter((one): one is { id: string; ratio: number } & Judgement => one.ratio !== undefined);
  const faster = compared.filter(({ ratio }) => ratio < 1);
  const worst = compared.toSorted((a, b) => b.ratio - a.ratio)[0];
  const failed = rows.flatMap(({ outcomes }) => [...outcomes.values()]).filter(({ kind }) => kind === 'failed');
  return [
    `${goals.filter(Boolean).length} of ${goals.length} goals reached`,
    ...(ratios.length === 0 ? [] : [`${ratios.filter(Boolean).length} of ${ratios.length} by their ratio`]),
    `faster than every peer in ${faster.length} of ${compared.length} workloads`,
    worst === undefined ? 'no peer to compare with' : `the worst ratio is ${worst.ratio.toFixed(2)} in ${worst.id}`,
    `${failed.length} failed`,
  ].join(', ');
}

function mark(reached: boolean | undefined): string {
  return reached === undefined ? '' : reached ? 'yes' : 'no';
}

function seconds(value: number): string {
  return value < 0.1 ? value.toFixed(3) : value.toFixed(2);
}
