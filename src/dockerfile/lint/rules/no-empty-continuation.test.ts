import { expect, test } from 'vitest';
import { fixed, lint, warningsIfSkipped, warningsIfSkippedAt, warningsOf } from '../testing.ts';
import { noEmptyContinuation } from './no-empty-continuation.ts';

test('blank lines inside of an instruction are named, at its last line', () => {
  expect(warningsOf(noEmptyContinuation, 'FROM x\nRUN a && \\\n\n  \n b\n')).toEqual([
    '5: Empty continuation line «\n»',
  ]);
});

test('one warning an instruction', () => {
  expect(warningsOf(noEmptyContinuation, 'FROM x\nRUN a \\\n\n b \\\n\n c\nRUN d \\\n \n e\n')).toEqual([
    '6: Empty continuation line «\n»',
    '9: Empty continuation line « \n»',
  ]);
});

test('blank lines are named although the file has a mistake', () => {
  expect(warningsOf(noEmptyContinuation, 'FROM x\nNOPE\nRUN a \\\n\n b\n')).toEqual([
    '5: Empty continuation line «\n»',
  ]);
});

test.each(['RUN a \\\n b', 'RUN a \\\n# comment\n b', 'RUN <<END\n\nEND', 'RUN a\n\nRUN b'])('%j is fine', (lines) => {
  expect(warningsOf(noEmptyContinuation, `FROM x\n${lines}\n`)).toEqual([]);
});

test('the rule can be skipped for the file, but not for an instruction', () => {
  const text = 'FROM x\nRUN a \\\n\n b\n';
  expect(warningsIfSkipped(noEmptyContinuation, text)).toEqual([]);
  expect(warningsIfSkippedAt(2, noEmptyContinuation, text)).toHaveLength(1);
});

test.each([
  ['RUN a && \\\n\n \t\n b\n', 'RUN a && \\\n b\n'],
  ['RUN a && \\\r\n\r\n b\r\n', 'RUN a && \\\r\n b\r\n'],
  ['RUN a \\\n\n# comment\n\n b\nRUN c\n', 'RUN a \\\n# comment\n b\nRUN c\n'],
  ['RUN a \\\n\n', 'RUN a \\\n'],
  ['RUN a \\\n  ', 'RUN a \\\n'],
  ['RUN cat \\\n\n <<END\n\ntext \\\n\nEND\n', 'RUN cat \\\n <<END\n\ntext \\\n\nEND\n'],
  ['ENV A="b\\\n\n c"\n', 'ENV A="b\\\n c"\n'],
])('the fix makes %j %j', (lines, mended) => {
  expect(fixed(noEmptyContinuation, `FROM x\n${lines}`)).toBe(`FROM x\n${mended}`);
});

test('the line is that of the text, not of the heredoc below it', () => {
  const [warning] = lint('FROM a\nRUN a \\\n\n b <<E\nx\ny\nE\n').warnings;
  expect(warning?.lines).toEqual([4, 4]);
});
