import { describe, expect, it } from 'vitest';
import { KilnError } from '../../diagnostic/kiln-error.ts';
import { Source } from '../../diagnostic/source.ts';
import { readIgnoreFile, readIgnorePatterns } from './ignore-file.ts';
import { createIgnoreMatcher } from './matcher.ts';

describe('readIgnoreFile', () => {
  it.each([
    ['has no patterns in an empty file', '', []],
    ['skips empty lines', '\n \n\t\na\n\n', ['a']],
    ['reads a last line without a newline', 'a\nb', ['a', 'b']],
    ['reads Windows line endings', 'a\r\n#b\r\n!c\r\n', ['a', '!c']],
    ['skips comments in the first column only', '#a\n #b\na#c\n!#d\n', ['#b', 'a#c', '!#d']],
    ['drops a byte order mark at the start of the file only', '\ufeff#a\n\ufeffb\n', ['\ufeffb']],
    ['cleans paths', './a\nb/../c\nd//e/\n', ['a', 'c', 'd/e']],
    ['takes one leading slash away, after cleaning', '/a\n//b\n/\n/..\n/../c\n', ['a', 'b', '/', '/', 'c']],
    ['cleans behind an exclamation mark', '! /a/ \n!\n! \n!!b\n!./..\n', ['!a', '!', '!', '!!b', '!..']],
    ['keeps wildcards and backslashes', '**/a/\n\\#b\nc\\ \n', ['**/a', '\\#b', 'c\\']],
  ])('%s', (_, text, patterns) => {
    expect(readIgnoreFile(text)).toEqual(patterns);
  });

  describe('with a long line', () => {
    function attempt(text: string): unknown {
      try {
        return readIgnoreFile(text).length;
      } catch (error) {
        return error;
      }
    }

    it('accepts one byte less than 64 KiB', () => {
      expect(attempt('a'.repeat(65_535))).toBe(1);
      expect(attempt(`${'é'.repeat(32_767)}a\nb`)).toBe(2);
    });

    it('refuses 64 KiB, a comment too, and says which line', () => {
      const error = attempt(`a\n#${'b'.repeat(65_535)}\n`);
      expect(error).toBeInstanceOf(KilnError);
      expect(error).toMatchObject({
        code: 'ignore/line-too-long',
        message: 'line 2 of the ignore file is longer than 64 KiB',
      });
    });

    it('counts bytes of UTF-8, not characters', () => {
      expect(attempt('é'.repeat(32_768))).toMatchObject({ code: 'ignore/line-too-long' });
      expect(attempt('日'.repeat(21_846))).toMatchObject({ code: 'ignore/line-too-long' });
      expect(attempt('😀'.repeat(16_384))).toMatchObject({ code: 'ignore/line-too-long' });
    });

    it('counts a byte that was not valid UTF-8 as one', () => {
      expect(attempt('\udc80'.repeat(65_535))).toBe(1);
    });
  });
});

describe('readIgnorePatterns', () => {
  it.each([
    ['a\n\n  foo/[a\nb\n', 'syntax error in pattern'],
    ['a\n! \n', 'illegal exclusion pattern: "!"'],
    ['\ufeff[z-a]\n', 'syntax error in pattern'],
  ])('gives what is wrong with %j its place', (text, message) => {
    const source = new Source('.dockerignore', text);
    const wrong = text.split('\n').find((line) => /[[!]/.test(line)) ?? '';
    const written = wrong.replace('\ufeff', '').trim();
    const start = text.indexOf(written);
    expect(() => createIgnoreMatcher(readIgnorePatterns(source)).matches('foo')).toThrow(
      expect.objectContaining({ message, span: { source, start, end: start + written.length } }),
    );
  });
});
