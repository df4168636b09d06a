import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { joinSpans, lineSpan, Source } from './source.ts';

describe('Source', () => {
  const source = new Source('Dockerfile', 'FROM a\r\n\nRUN é𝄞b');

  it('counts lines from 1 and columns in UTF-16 units', () => {
    expect(source.position(0)).toEqual({ line: 1, column: 1, offset: 0 });
    expect(source.position(8)).toEqual({ line: 2, column: 1, offset: 8 });
    expect(source.position(source.text.indexOf('b'))).toEqual({ line: 3, column: 8, offset: 16 });
  });

  it('clamps offsets to the text', () => {
    expect(source.position(-5).offset).toBe(0);
    expect(source.position(1000)).toEqual({ line: 3, column: 9, offset: 17 });
  });

  it('gives lines without their endings', () => {
    expect([1, 2, 3, 4].map((line) => source.line(line))).toEqual(['FROM a', '', 'RUN é𝄞b', '']);
  });

  it.each([
    ['', 1],
    ['a', 1],
    ['a\n', 1],
    ['a\n\n', 2],
    ['a\nb', 2],
  ])('says that %j has %i lines', (text, count) => {
    expect(new Source('f', text).lineCount).toBe(count);
  });

  it('finds the line of every offset', () => {
    const texts = fc.string({ unit: fc.constantFrom('a', '\n', '\r'), maxLength: 60 });
    fc.assert(
      fc.property(texts, fc.nat(60), (text, offset) => {
        const at = Math.min(offset, text.length);
        expect(new Source('f', text).lineAt(at)).toBe(text.slice(0, at).split('\n').length);
      }),
    );
  });

  it('spans lines without the last line ending', () => {
    const { start, end } = lineSpan(source, 1, 2);
    expect(source.text.slice(start, end)).toBe('FROM a\r\n');
    expect(joinSpans(lineSpan(source, 3, 3), lineSpan(source, 1, 1))).toEqual({ source, start: 0, end: 17 });
  });
});
