import { expect, test } from 'vitest';
import { createIgnoreMatcher } from '../../ignore/matcher.ts';
import { warningsIfSkipped, warningsOf } from '../testing.ts';
import { copyIgnoredFile } from './copy-ignored-file.ts';

function ignoring(...patterns: readonly string[]) {
  return { ignore: createIgnoreMatcher(patterns) };
}

test('a source that the ignore file excludes is named, cleaned', () => {
  expect(warningsOf(copyIgnoredFile, 'FROM x\nCOPY a/../secret \\\n  b /d\n', ignoring('secret'))).toEqual([
    '2-3: Attempting to Copy file "secret" that is excluded by .dockerignore «a/../secret»',
  ]);
  expect(warningsOf(copyIgnoredFile, 'FROM x\nADD b secret/key /d/\n', ignoring('secret', 'b'))).toEqual([
    '2: Attempting to Add file "b" that is excluded by .dockerignore «b»',
    '2: Attempting to Add file "secret/key" that is excluded by .dockerignore «secret/key»',
  ]);
});

test('variables in a source are replaced', () => {
  expect(warningsOf(copyIgnoredFile, 'FROM x\nENV NAME=secret\nCOPY $NAME /d\n', ignoring('secret'))).toEqual([
    '3: Attempting to Copy file "secret" that is excluded by .dockerignore «$NAME»',
  ]);
});

test('the root counts as ignored only if a pattern ignores everything', () => {
  const text = 'FROM x\nCOPY . /d\n';
  expect(warningsOf(copyIgnoredFile, text, ignoring('**/*'))).toEqual([
    '2: Attempting to Copy file "." that is excluded by .dockerignore «.»',
  ]);
  expect(warningsOf(copyIgnoredFile, text, ignoring('.*'))).toEqual([]);
});

test.each([
  ['other files', 'COPY secrets /d', ['secret']],
  ['URLs', 'ADD https://example.com/secret /d', ['**/secret']],
  ['repositories', 'ADD https://example.com/secret.git /d', ['**/secret.git']],
  ['text in the file', 'COPY <<secret /d\nsecret', ['secret']],
  ['files where the ignore file has exceptions', 'COPY secret /d', ['secret', '!other']],
])('it has nothing to say about %s', (_, line, patterns) => {
  expect(warningsOf(copyIgnoredFile, `FROM x\n${line}\n`, ignoring(...patterns))).toEqual([]);
});

test('it has nothing to say about files of other stages', () => {
  const text = 'FROM x AS a\nFROM y\nCOPY --from=a secret /d\nCOPY --from=image secret /d\n';
  expect(warningsOf(copyIgnoredFile, text, ignoring('secret'))).toEqual([]);
});

test('it has nothing to say without an ignore file', () => {
  expect(warningsOf(copyIgnoredFile, 'FROM x\nCOPY secret /d\n')).toEqual([]);
});

test('the rule can be skipped for the file and for an instruction', () => {
  const text = 'FROM x\nCOPY secret /d\n';
  expect(warningsIfSkipped(copyIgnoredFile, text, ignoring('secret'))).toEqual([]);
  const above = 'FROM x\n# check=skip=CopyIgnoredFile\nCOPY secret /d\nCOPY secret /e\n';
  expect(warningsOf(copyIgnoredFile, above, ignoring('secret'))).toEqual([
    '4: Attempting to Copy file "secret" that is excluded by .dockerignore «secret»',
  ]);
});
