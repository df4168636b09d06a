import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ValueError } from '../../spec/value-error.ts';
import { csvFields } from './csv.ts';

const values = (text: string) => csvFields(text).map((field) => field.value);

test.each([
  ['type=bind', ['type=bind']],
  ['type=bind,target=/x', ['type=bind', 'target=/x']],
  ['a,', ['a', '']],
  [',', ['', '']],
  ['"a,b",c', ['a,b', 'c']],
  ['"a""b"', ['a"b']],
  ['""', ['']],
  ['"""",x', ['"', 'x']],
  [' a , b ', [' a ', ' b ']],
  ['a\n', ['a']],
  ['a\r\n', ['a']],
  ['a\r', ['a\r']],
  ['a\n\n', ['a\n']],
  ['"é,\u{1f600}",ü', ['é,\u{1f600}', 'ü']],
])('%j has the fields %j', (text, expected) => {
  expect(values(text)).toEqual(expected);
});

test.each([
  ['', 'EOF'],
  ['\n', 'EOF'],
  ['\r\n', 'EOF'],
  ['a"b', 'parse error on line 1, column 2: bare " in non-quoted-field'],
  ['é,a"', 'parse error on line 1, column 5: bare " in non-quoted-field'],
  ['\udcff"', 'parse error on line 1, column 2: bare " in non-quoted-field'],
  ['"a"b', 'parse error on line 1, column 3: extraneous or missing " in quoted-field'],
  ['"a', 'parse error on line 1, column 2: extraneous or missing " in quoted-field'],
  ['x,"a""b', 'parse error on line 1, column 7: extraneous or missing " in quoted-field'],
])('%j is refused with %j', (text, message) => {
  expect(() => csvFields(text)).toThrow(new ValueError(message));
});

test('A field knows where it was written, quotes included', () => {
  const text = '\u{1f600},"b""c",d\n';
  expect(csvFields(text).map(({ start, end }) => text.slice(start, end))).toEqual(['\u{1f600}', '"b""c"', 'd']);
});

test('Quoted fields joined by commas parse to the same values', () => {
  const field = fc.string({ unit: fc.constantFrom('a', '"', ',', ' ', 'é', '\n') });
  fc.assert(
    fc.property(fc.array(field, { minLength: 1 }), (fields) => {
      const text = fields.map((value) => `"${value.replaceAll('"', '""')}"`).join(',');
      expect(values(text)).toEqual(fields);
    }),
  );
});

test('A long line takes time linear in its length', () => {
  expect(csvFields(','.repeat(1_000_000))).toHaveLength(1_000_001);
  expect(values(`"${'""'.repeat(500_000)}"`)).toEqual(['"'.repeat(500_000)]);
});
