import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { emptyEnvironment, environmentFromList } from './environment.ts';
import type { Environment } from './environment.ts';
import { expandWord } from './expand.ts';
import { WordError } from './word-error.ts';

const pieces = fc.constantFrom(
  ...['$', '${', '{', '}', ':-', ':?', '#', '##', '%', '/', '//', '*', '?', '<', '"', "'", '\\', '`', 'a', '$a', '${a'],
  ...[' ', '\n', 'é', '😀', '\udcff', '\ufeff'],
);
const markup = fc.array(pieces, { maxLength: 20 }).map((list) => list.join(''));
const text = fc.oneof(fc.string({ unit: 'binary' }), markup);
const options = fc.record({
  escape: fc.constantFrom('\\' as const, '`' as const),
  rawQuotes: fc.boolean(),
  rawEscapes: fc.boolean(),
  skipQuotes: fc.boolean(),
  keepUnset: fc.boolean(),
});

/** Nothing if the word is refused with a place in the word. */
function expandOrRefuse(word: string, environment: Environment): ReturnType<typeof expandWord> | undefined {
  try {
    return expandWord(word, environment, { escape: '\\' });
  } catch (error) {
    if (!(error instanceof WordError)) throw error;
    expect(error.offset).toBeGreaterThanOrEqual(0);
    expect(error.offset).toBeLessThanOrEqual(word.length);
    return undefined;
  }
}

test('any text expands or is refused with a place in it', () => {
  fc.assert(
    fc.property(text, options, fc.array(fc.tuple(fc.constantFrom('a', '$', ''), text)), (word, how, variables) => {
      try {
        expandWord(word, new Map(variables), how);
      } catch (error) {
        if (!(error instanceof WordError)) throw error;
        expect(error.message).toContain(error.reason);
        expect(error.offset).toBeGreaterThanOrEqual(0);
        expect(error.offset).toBeLessThanOrEqual(word.length);
      }
    }),
    { numRuns: 2000 },
  );
});

test('text without special characters expands to itself', () => {
  const plain = text.map((word) => word.toWellFormed().replace(/["$'<\\`\ufeff]/g, ''));
  fc.assert(
    fc.property(plain, options, (word, how) => {
      expect(expandWord(word, emptyEnvironment, how).result).toBe(word);
    }),
  );
});

test('text in single quotes is taken as it is', () => {
  const quotable = text.map((word) => word.toWellFormed().replaceAll("'", ''));
  fc.assert(
    fc.property(quotable, (word) => {
      const { result, words } = expandWord(`'${word}'`, emptyEnvironment, { escape: '\\' });
      expect(result).toBe(word);
      expect(words).toEqual(word === '' ? [] : [word]);
    }),
  );
});

test('nothing is unmatched if every variable is set', () => {
  const everything: Environment = { get: (name) => name, keys: () => [] };
  fc.assert(
    fc.property(text, (word) => {
      expect(expandOrRefuse(word, everything)?.unmatched.size ?? 0).toBe(0);
    }),
    { numRuns: 1000 },
  );
});

describe('a long word takes time in proportion', () => {
  const length = 2 ** 20;
  const environment = environmentFromList(['a=xyz', `long=${'a'.repeat(length)}`]);
  test.each([
    ['text', 'a'.repeat(length)],
    ['words', 'a '.repeat(length / 2)],
    ['escapes', '\\a'.repeat(length / 2)],
    ['quotes', `'a'"b"`.repeat(length / 8)],
    ['open quotes', '"'.repeat(length + 1)],
    ['variables', '$a'.repeat(length / 2)],
    ['defaults', '${u:-x}'.repeat(length / 8)],
    ['a default', `\${u:-${'a b '.repeat(length / 4)}}`],
    ['open braces', '"${u:-'.repeat(100_000)],
    ['nested braces', '${u:-'.repeat(100_000) + '}'.repeat(100_000)],
    ['nested quotes', '"${u:-'.repeat(100_000) + '}"'.repeat(100_000)],
    ['an error', `\${}${'é'.repeat(length)}`],
    ['a value that is replaced', '${long//a/b}${long//a*b/c}${long%%a*}'],
    ['values that are too long together', '$long'.repeat(length / 8)],
    ['replacements that are too long together', `\${long//a/${"'$0$0'".repeat(1000)}}`],
  ])('%s', (_, word) => {
    const start = performance.now();
    expandOrRefuse(word, environment);
    expect(performance.now() - start).toBeLessThan(2000);
  });

  test('thousand levels are expanded, more are refused', () => {
    const nested = (depth: number) => '"${u:-'.repeat(depth) + 'x' + '}"'.repeat(depth);
    expect(expandOrRefuse(nested(1000), environment)?.result).toBe('x');
    expect(() => expandWord(nested(1001), environment, { escape: '\\' })).toThrow('nested too deeply');
  });
});
