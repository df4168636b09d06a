import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fixed, lint, warningsIfSkipped, warningsIfSkippedAt, warningsOf } from '../testing.ts';
import { legacyKeyValueFormat } from './legacy-key-value-format.ts';

test('a key and a value without = are named', () => {
  expect(warningsOf(legacyKeyValueFormat, 'FROM x\nENV KEY a value\nlabel key \\\n value\n')).toEqual([
    '2: "ENV key=value" should be used instead of legacy "ENV key value" format «KEY»',
    '3-4: "label key=value" should be used instead of legacy "label key value" format «key»',
  ]);
});

test.each(['ENV A=b', 'ENV A=b C=d', 'LABEL a="b c"', 'ENV A=', 'ARG A'])('%j is fine', (line) => {
  expect(warningsOf(legacyKeyValueFormat, `FROM x\n${line}\n`)).toEqual([]);
});

test('the rule can be skipped for the file and for an instruction', () => {
  const text = 'FROM x\nENV A b\n';
  expect(warningsIfSkipped(legacyKeyValueFormat, text)).toEqual([]);
  expect(warningsIfSkippedAt(2, legacyKeyValueFormat, text)).toEqual([]);
});

test.each([
  ['ENV A b', 'ENV A=b'],
  ['ENV  A\t b', 'ENV  A=b'],
  ['LABEL a.b-c d', 'LABEL a.b-c=d'],
  ['ENV A b c  d', 'ENV A="b c  d"'],
  ['ENV A b=c', 'ENV A=b=c'],
  ['ENV A b=c d=e', 'ENV A="b=c d=e"'],
  ['ENV A $PATH:/bin', 'ENV A=$PATH:/bin'],
  ['ENV A ${NOPE:-b c} $', 'ENV A="${NOPE:-b c} $"'],
  ['ENV A b << c', 'ENV A="b << c"'],
  ['ENV A b \\\n  c', 'ENV A="b \\\n  c"'],
  ['ENV A b \\\n# "comment"\n  c', 'ENV A="b \\\n# "comment"\n  c"'],
  ['ENV A b\u0085c', 'ENV A="b\u0085c"'],
])('the fix makes %j %j', (line, mended) => {
  expect(fixed(legacyKeyValueFormat, `FROM x\n${line}\n`)).toBe(`FROM x\n${mended}\n`);
});

test.each([
  ['quotes', 'ENV A "b" c'],
  ['single quotes', "ENV A it's\\'"],
  ['escapes', 'ENV A b\\ c'],
  ['grave accents', 'ENV A `b` c'],
  ['a byte order mark', 'ENV A \ufeffb c'],
  ['a key with a variable', 'ENV A$PATH b'],
  ['a quoted key', 'ENV "A" b'],
  ['a line break behind the key', 'ENV A \\\n b'],
])('there is no fix for %s', (_, line) => {
  const { warnings } = lint(`FROM x\n${line}\n`);
  expect(warnings.map(({ rule, fix }) => [rule, fix])).toEqual([[legacyKeyValueFormat, undefined]]);
});

test('whatever the value, the fix leaves the image as it is', () => {
  const piece = fc.constantFrom(
    'a',
    '$',
    '$A',
    '${A}',
    '${',
    '}',
    ':-',
    '/',
    '#',
    '=',
    '<<',
    ' ',
    '\t',
    '\v',
    'é',
    '\u0085',
    '\ufeff',
    ';',
    '[',
    '*',
  );
  const value = fc.array(piece, { minLength: 1, maxLength: 12 }).map((pieces) => pieces.join(''));
  fc.assert(
    fc.property(fc.constantFrom('ENV', 'LABEL'), value, (keyword, text) => {
      const line = `${keyword} KEY ${text}`;
      const source = `FROM x\nENV A=1\n${line}\n`;
      fc.pre(lint(source).problems.length === 0);
      fixed(legacyKeyValueFormat, source);
    }),
    { numRuns: 1000 },
  );
});
