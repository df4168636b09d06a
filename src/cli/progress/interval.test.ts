import { expect, test } from 'vitest';
import { mergeIntervals, secondsOf } from './interval.ts';

const pairs = (intervals: readonly (readonly [number, number?])[]) =>
  intervals.map(([start, stop]) => ({ start, ...(stop !== undefined && { stop }) }));

test.each<[string, readonly [number, number?][], readonly [number, number?][]]>([
  ['none', [], []],
  [
    'one within another',
    [
      [0, 10],
      [1, 2],
      [9, 10],
    ],
    [[0, 10]],
  ],
  [
    'overlapping ones, unsorted',
    [
      [4, 8],
      [0, 3],
      [2, 5],
      [10, 12],
    ],
    [
      [0, 8],
      [10, 12],
    ],
  ],
  [
    'ones that touch',
    [
      [0, 2],
      [2, 4],
    ],
    [[0, 4]],
  ],
  ['one that goes on', [[0, 5], [6], [8, 9], [7]], [[0, 5], [6]]],
  ['one that goes on from within another', [[0, 5], [3]], [[0]]],
])('merges %s', (_, intervals, merged) => {
  expect(
    mergeIntervals(pairs(intervals)).map(({ start, stop }) => (stop === undefined ? [start] : [start, stop])),
  ).toEqual(merged);
});

test('Time that two share counts once', () => {
  expect(secondsOf(pairs([[0, 2000], [1000, 3000], [5000]]), 6000)).toBe(4);
});
