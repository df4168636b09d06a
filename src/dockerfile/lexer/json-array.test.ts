import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arrayForm } from './json-array.ts';

describe('arrayForm', () => {
  it.each(['[]', '[ ]', '["a"]', '["a", "b"]', '[\t"a"\r,"\\u0041\\n\\""]', '["é😀\udcff"]', '["\\ud800"]'])(
    'takes %j for strings',
    (text) => {
      expect(arrayForm(text)).toBe('strings');
    },
  );

  it.each(['[1]', '["a", null]', '[["a"]]', '[{"a": "b"}]', '[true]', '[-1.5e300]', '[1e-400]'])(
    'takes %s for other values',
    (text) => {
      expect(arrayForm(text)).toBe('other values');
    },
  );

  it.each([
    ...[
      '',
      'a',
      '"a"',
      '{"a": "b"}',
      "['a']",
      '["a",]',
      '["a"',
      '["a"] b',
      '["a" "b"]',
      '[a]',
      '["a\tb"]',
      '["\\x41"]',
    ],
    ...['["a",\u00a0"b"]', '[01]', '[1e400]', '["a", [-1e400]]', '[.5]'],
  ])('takes %j for no JSON', (text) => {
    expect(arrayForm(text)).toBe('not JSON');
  });

  it('goes as deep as Go does', () => {
    const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
    expect(arrayForm(nested(10_000))).toBe('other values');
    expect(arrayForm(nested(10_001))).toBe('not JSON');
    expect(arrayForm(`${'['.repeat(10_000)}1${']'.repeat(10_000)}`)).toBe('other values');
  });

  it('takes what JSON.stringify makes of strings for strings', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary', maxLength: 8 }), { maxLength: 8 }), (items) => {
        expect(arrayForm(JSON.stringify(items))).toBe('strings');
      }),
    );
  });
});
