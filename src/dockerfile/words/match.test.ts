import fc from 'fast-check';
import { expect, test } from 'vitest';
import { findPattern, matchPattern } from './match.ts';
import { parsePattern, reversePattern } from './pattern.ts';
import type { Pattern } from './pattern.ts';

const characters = ['a', 'b', '\n', '😀'];
const values = fc.array(fc.constantFrom('a', ...characters), { maxLength: 14 }).map((list) => list.join(''));
const patterns = fc.array(fc.constantFrom('*', '?', '*', ...characters), { maxLength: 8 }).map((list) => list.join(''));

function parse(text: string): Pattern {
  const pattern = parsePattern(text);
  if (pattern.kind === 'invalid') throw new Error(pattern.reason);
  return pattern;
}

function regExp(pattern: string, { star, flags }: { star: string; flags: string }): RegExp {
  return new RegExp(pattern.replaceAll('?', '[^\\n]').replaceAll('*', star), flags);
}

test('a match is the one that a regular expression finds', () => {
  fc.assert(
    fc.property(patterns, values, (pattern, value) => {
      const longest = regExp(pattern, { star: '[^\\n]*', flags: 'uy' }).exec(value)?.[0].length;
      const shortest = regExp(pattern, { star: '[^\\n]*?', flags: 'uy' }).exec(value)?.[0].length;
      expect(matchPattern(parse(pattern), value, { start: 0, preference: 'longest' })).toBe(longest);
      expect(matchPattern(parse(pattern), value, { start: 0, preference: 'shortest' })).toBe(shortest);
      const found = regExp(pattern, { star: '[^\\n]*', flags: 'u' }).exec(value);
      const range = found ? { start: found.index, end: found.index + found[0].length } : undefined;
      expect(findPattern(parse(pattern), value, 0)).toEqual(range);
    }),
    { numRuns: 5000 },
  );
});

test('many stars take no more time than one', () => {
  const value = 'a'.repeat(10_000);
  const start = performance.now();
  expect(findPattern(parse('*a*a*a*a*a*a*a*b'), value, 0)).toBeUndefined();
  expect(findPattern(parse('?*?*?*?*?*?*?*b'), value, 0)).toBeUndefined();
  expect(findPattern(parse('*a'.repeat(5000)), value, 0)).toEqual({ start: 0, end: 10_000 });
  expect(performance.now() - start).toBeLessThan(1000);
});

test.each([
  ['\\*\\?\\\\', '*?\\', 3],
  ['\\}\\/', '}/', 2],
  ['[a]', '[a]', 3],
  ['\ufeffa', 'a', 1],
  ['\udcff', '\ufffd', 1],
])('the pattern %j matches %j', (pattern, value, end) => {
  expect(matchPattern(parse(pattern), value, { start: 0, preference: 'longest' })).toBe(end);
});

test.each([
  ['\\a', "invalid escape '\\a'"],
  ['a\\😀', "invalid escape '\\😀'"],
  ['a\\', "invalid escape '\\\ufffd'"],
])('the pattern %j is refused', (pattern, reason) => {
  expect(parsePattern(pattern)).toEqual({ kind: 'invalid', reason });
});

test.each([
  ['ab*', '*ba'],
  ['a\\*b', 'b\\*a'],
  ['a\\\\', '\\\\a'],
  ['ab\\', '\\ba'],
  ['a😀', '😀a'],
])('the reverse of the pattern %j is %j', (pattern, reverse) => {
  expect(reversePattern(pattern)).toBe(reverse);
});
