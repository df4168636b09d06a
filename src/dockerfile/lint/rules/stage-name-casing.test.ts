import { expect, test } from 'vitest';
import { fixed, lint, warningsIfSkipped, warningsIfSkippedAt, warningsOf } from '../testing.ts';
import { stageNameCasing } from './stage-name-casing.ts';

test('a name with a capital letter is named', () => {
  expect(warningsOf(stageNameCasing, 'FROM x AS Base\nFROM y \\\n AS BUILD\n')).toEqual([
    "1: Stage name 'Base' should be lowercase «Base»",
    "2-3: Stage name 'BUILD' should be lowercase «BUILD»",
  ]);
});

test.each(['FROM x AS base\n', 'FROM X\n', 'FROM X AS a-b_1.c\n'])('%j is fine', (text) => {
  expect(warningsOf(stageNameCasing, text)).toEqual([]);
});

test('the rule can be skipped for the file and for an instruction', () => {
  const text = 'FROM y\nFROM x AS Base\n';
  expect(warningsIfSkipped(stageNameCasing, text)).toEqual([]);
  expect(warningsIfSkippedAt(2, stageNameCasing, text)).toEqual([]);
});

test('the fix lowers the name, which uses of the stage find as before', () => {
  const uses = 'FROM base\nCOPY --from=BASE /a /b\nRUN --mount=from=Base,target=/m a\n';
  expect(fixed(stageNameCasing, `FROM x AS Base\n${uses}`, { target: 'BASE' })).toBe(`FROM x AS base\n${uses}`);
});

test('there is no fix for what is no name', () => {
  expect(lint('FROM x AS ${NAME}\n').warnings.map(({ message, fix }) => [message, fix])).toEqual([
    ["Stage name '${NAME}' should be lowercase", undefined],
  ]);
});
