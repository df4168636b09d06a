import { expect, test } from 'vitest';
import { warningsIfSkipped, warningsIfSkippedAt, warningsOf } from '../testing.ts';
import { reservedStageName } from './reserved-stage-name.ts';

test('the names that mean something else are named', () => {
  expect(warningsOf(reservedStageName, 'FROM x AS Scratch\nFROM y \\\n AS context\n')).toEqual([
    '1: Stage name should not use the same name as reserved stage "scratch" «Scratch»',
    '2-3: Stage name should not use the same name as reserved stage "context" «context»',
  ]);
});

test.each(['FROM scratch AS a\n', 'FROM scratch\n', 'FROM x AS contexts\n'])('%j is fine', (text) => {
  expect(warningsOf(reservedStageName, text)).toEqual([]);
});

test('the rule can be skipped for the file, but not for an instruction', () => {
  const text = 'FROM y\nFROM x AS scratch\n';
  expect(warningsIfSkipped(reservedStageName, text)).toEqual([]);
  expect(warningsIfSkippedAt(2, reservedStageName, text)).toHaveLength(1);
});
