import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Escape } from '../parser/ast.ts';
import { lexFlags } from './flag-lexer.ts';

function lex(text: string, escape: Escape = '\\') {
  const ascii = /^[\x00-\x7f]*$/.test(text);
  const { flags, rest } = lexFlags(text, { escape, ascii });
  return {
    values: flags.map(({ value }) => value),
    written: flags.map(({ start, end }) => text.slice(start, end)),
    rest,
  };
}

/** The flags, and the text behind them. */
function values(text: string, escape?: Escape): readonly string[] {
  const found = lex(text, escape);
  return [...found.values, text.slice(found.rest).trimStart()];
}

describe('lexFlags', () => {
  it.each([
    ['a --b', ['a --b']],
    ['-a b', ['-a b']],
    ['', ['']],
    ['--a', ['--a', '']],
    ['--a=b  \t--c d --e', ['--a=b', '--c', 'd --e']],
    ['--a -b', ['--a', '-b']],
    ['--a -', ['--a', '-']],
    ['--=', ['--=', '']],
    ['---', ['---', '']],
    ['--a\v\f\r\n --b', ['--a', '--b', '']],
  ])('reads the flags at the beginning of %j', (text, expected) => {
    expect(values(text)).toEqual(expected);
  });

  it.each([
    ['-- --a b', ['--a b']],
    ['--a -- --b', ['--a', '--b']],
    ['--a --', ['--a', '']],
    ['--"" --a', ['--a']],
    ['--', ['']],
  ])('ends at a -- alone: %j', (text, expected) => {
    expect(values(text)).toEqual(expected);
  });

  it.each([
    ['--a="b c" d', ['--a=b c', 'd']],
    ["--a='b c' d", ['--a=b c', 'd']],
    ['--a="b\'c"d\'e"f\'', ['--a=b\'cde"f', '']],
    ['--a="" b', ['--a=', 'b']],
    ['--"a b"=c', ['--a b=c', '']],
    ['--a="b c', ['--a=b c', '']],
    ["--a='b --c", ['--a=b --c', '']],
  ])('removes quotes: %j', (text, expected) => {
    expect(values(text)).toEqual(expected);
  });

  it.each([
    ['--a\\ b c', ['--a b', 'c']],
    ['--a\\\\b', ['--a\\b', '']],
    ['--a=\\"b', ['--a="b', '']],
    ['--a="\\"" b', ['--a="', 'b']],
    ["--a='\\'' b", ["--a='", 'b']],
    ['--a=\\n', ['--a=n', '']],
    ['--a\\', ['--a', '']],
    ['--a="b\\', ['--a=b', '']],
  ])('removes escapes, in both kinds of quotes too: %j', (text, expected) => {
    expect(values(text)).toEqual(expected);
  });

  it('takes a backslash as it is where ` escapes', () => {
    expect(values('--a=C:\\b` c`` d', '`')).toEqual(['--a=C:\\b c`', 'd']);
  });

  it.each([
    ['--a=é b', ['--a=Ã©', 'b']],
    ['--a=😀', ['--a=ð\u009f\u0098\u0080', '']],
    ['--a="à" b', ['--a=Ã\u00a0', 'b']],
    ['--a=\udcff b', ['--a=ÿ', 'b']],
    ['--a b é', ['--a', 'b é']],
  ])('takes each byte for a character: %j', (text, expected) => {
    expect(values(text)).toEqual(expected);
  });

  it.each([
    ['--aà b', ['--aÃ', 'b']],
    ['--a\u00a0b', ['--aÂ', 'b']],
    ['--aà--b c', ['--aÃ', '--b', 'c']],
  ])('ends a word at the bytes 85 and A0, even within a character: %j', (text, expected) => {
    expect(values(text)).toEqual(expected);
  });

  it('says where each flag was written', () => {
    expect(lex('--a="é" --b\\ c d').written).toEqual(['--a="é"', '--b\\ c']);
    expect(lex('--aà--b c').written).toEqual(['--aà', '--b']);
  });

  it('finds the same in a long text as in a short one', () => {
    const flag = fc.constantFrom('--a', '--é="', "--'b ", '--à', '--c\\', '😀', ' ', '" ', '-- ', 'x');
    fc.assert(
      fc.property(fc.array(flag, { maxLength: 12 }), fc.constantFrom('\\' as const, '`' as const), (parts, escape) => {
        const text = `--${parts.join('')} '" x `;
        const short = lex(`${text}é`, escape);
        fc.pre(short.rest < text.length);
        expect(lex(text + 'é'.repeat(600), escape)).toEqual(short);
      }),
    );
  });
});
