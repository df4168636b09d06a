import { describe, expect, it } from 'vitest';
import { trimSpace } from './whitespace.ts';

describe('trimSpace', () => {
  it.each([
    ['both ends', ' \ta b\r\n', 'a b'],
    ['nothing but space', ' \t\v\f ', ''],
    ['next line, which is no space to JavaScript', '\u0085a\u0085', 'a'],
    ['wide spaces', '\u00a0\u2003\u3000a\u2028', 'a'],
  ])('removes %s', (_, text, trimmed) => {
    expect(trimSpace(text)).toBe(trimmed);
  });

  it.each(['\ufeffa\ufeff', '\u200ba', '\x1ca'])('keeps %j, as Go does', (text) => {
    expect(trimSpace(text)).toBe(text);
  });

  it('takes linear time on long inner runs', () => {
    const text = `a${' '.repeat(200_000)}b`;
    expect(trimSpace(text)).toBe(text);
  });
});
