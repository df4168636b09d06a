import { expect, test } from 'vitest';
import { warningsIfSkipped, warningsIfSkippedAt, warningsOf } from '../testing.ts';
import { multipleInstructionsDisallowed } from './multiple-instructions-disallowed.ts';

const message = (name: string) =>
  `Multiple ${name} instructions should not be used in the same stage because only the last one will be used`;

test('all but the last one are named, by the name of the one that replaces them', () => {
  const text = 'FROM x\nCMD ["a"]\ncmd ["b"] \nCMD ["c"]\nENTRYPOINT ["a", \\\n"b"]\nENTRYPOINT ["c"]\n';
  expect(warningsOf(multipleInstructionsDisallowed, text)).toEqual([
    `2: ${message('cmd')} «CMD ["a"]»`,
    `3: ${message('CMD')} «cmd ["b"] »`,
    `5-6: ${message('ENTRYPOINT')} «ENTRYPOINT ["a", \\\n"b"]»`,
  ]);
});

test('HEALTHCHECK counts with all its forms', () => {
  expect(warningsOf(multipleInstructionsDisallowed, 'FROM x\nHEALTHCHECK NONE\nHEALTHCHECK CMD a\n')).toEqual([
    `2: ${message('HEALTHCHECK')} «HEALTHCHECK NONE»`,
  ]);
});

test.each(['CMD ["a"]\nENTRYPOINT ["a"]', 'RUN a\nRUN a', 'USER a\nUSER b', 'CMD ["a"]\nFROM x\nCMD ["b"]'])(
  '%j is fine',
  (lines) => {
    expect(warningsOf(multipleInstructionsDisallowed, `FROM x\n${lines}\n`)).toEqual([]);
  },
);

test('a stage may replace what its base says', () => {
  expect(warningsOf(multipleInstructionsDisallowed, 'FROM x AS a\nCMD ["a"]\nFROM a\nCMD ["b"]\n')).toEqual([]);
});

test('the rule can be skipped for the file and for the later instruction', () => {
  const text = 'FROM x\nCMD ["a"]\nCMD ["b"]\n';
  expect(warningsIfSkipped(multipleInstructionsDisallowed, text)).toEqual([]);
  expect(warningsIfSkippedAt(3, multipleInstructionsDisallowed, text)).toEqual([]);
  expect(warningsIfSkippedAt(2, multipleInstructionsDisallowed, text)).toHaveLength(1);
});
