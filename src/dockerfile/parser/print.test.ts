import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Ast } from './ast.ts';
import { printDockerfile } from './print.ts';
import { dockerfileText, parse, tokenSoup } from './testing.ts';

const places: ReadonlySet<string> = new Set(['span', 'lines', 'blankLines']);

/** What is left of an AST without places and without the spelling of whole instructions. */
function meaning({ escape, directives, statements }: Ast): unknown {
  const json = JSON.stringify({ escape, directives, statements }, (key, value: unknown) =>
    places.has(key) || (key === 'text' && typeof value === 'string') ? undefined : value,
  );
  return JSON.parse(json);
}

function print(text: string): string {
  const ast = parse(text);
  const printed = printDockerfile(ast);
  expect(meaning(parse(printed))).toEqual(meaning(ast));
  return printed;
}

describe('a printed AST', () => {
  it('is read as the same AST', () => {
    fc.assert(
      fc.property(fc.oneof({ weight: 4, arbitrary: dockerfileText }, tokenSoup), (text) => {
        print(text);
      }),
      { numRuns: 3000 },
    );
  });

  it('is printed the same again', () => {
    fc.assert(
      fc.property(dockerfileText, (text) => {
        const printed = print(text);
        expect(print(printed)).toBe(printed);
      }),
      { numRuns: 500 },
    );
  });
});

describe('printDockerfile', () => {
  it('writes one instruction a line, with single blanks and its comments above', () => {
    const text = [
      '#   syntax =  docker/dockerfile:1  ',
      '',
      '#    The base.',
      '  from   alpine:3\tAS   base',
      '',
      'RUN apk add \\',
      '    # not this one',
      '    git \\',
      '',
      '    make',
      'COPY   [ "a",  "\\u0062" ]',
      'ENV a=1   b="2 3"',
      'ENV  c   d  e',
      'HEALTHCHECK   --interval=1s   CMD   a  b',
      'ONBUILD   COPY   a   b',
      'CMD',
    ].join('\n');
    expect(print(text)).toBe(
      [
        '# syntax=docker/dockerfile:1',
        '# The base.',
        'from alpine:3 AS base',
        'RUN apk add     git     make',
        'COPY ["a", "b"]',
        'ENV a=1 b="2 3"',
        'ENV c d  e',
        'HEALTHCHECK --interval=1s CMD a  b',
        'ONBUILD COPY a b',
        'CMD',
        '',
      ].join('\n'),
    );
  });

  it.each([
    ['ARG " \\ \\\n\n', 'ARG " \\\f\n'],
    ['ENV a=" \\ \\\n\n', 'ENV a=" \\\f\n'],
  ])('keeps white space at the end of quotes that are never closed: %j', (text, printed) => {
    expect(print(text)).toBe(printed);
  });

  it.each([
    ['RUN --a="b"', 'RUN --a=b'],
    ['RUN --a="b c"', "RUN --a='b c'"],
    ["RUN --a='b\"c'", "RUN --a='b\"c'"],
    ["RUN --a=\\'", 'RUN --a="\'"'],
    ['RUN --a=\\\\', "RUN --a='\\\\'"],
    ["RUN --a='\\'\"'", 'RUN --a="\'\\""'],
    ['RUN --a\\ b=c', "RUN --'a b=c'"],
    ['RUN --a=é', 'RUN --a=é'],
    ['RUN --a="à"', "RUN --a='à'"],
    ['RUN --à', 'RUN --\udcc3'],
    ['RUN --a -- --b', 'RUN --a -- --b'],
    ['RUN -- --b', 'RUN -- --b'],
    ['RUN -- b', 'RUN b'],
  ])('quotes flags only as far as needed: %s', (text, printed) => {
    expect(print(text)).toBe(`${printed}\n`);
  });

  it('escapes with the character that the file has chosen', () => {
    expect(print('# escape=`\nRUN --a=C:\\b`` `\n c')).toBe("# escape=`\nRUN --a='C:\\b``' c\n");
  });

  it('writes heredocs with their ends', () => {
    const text = 'RUN cat <<A 3<<-"B"\n# a\nA\n\tb\n\tB\nCMD a\n';
    expect(print(text)).toBe('RUN cat <<A 3<<-"B"\n# a\nA\n\tb\nB\nCMD a\n');
  });

  it('leaves a heredoc without end open', () => {
    expect(print('RUN <<A <<B\na')).toBe('RUN <<A <<B\na');
  });

  it.each([
    ['COPY <<"A  B" /c\nA  B\n', 'COPY <<"A  B" /c\nA  B\n'],
    ["# escape=`\nRUN --a=`' <<A\n", "# escape=`\nRUN --a=`' <<A\n"],
  ])('keeps the spelling of a line whose heredocs depend on it: %j', (text, printed) => {
    expect(print(text)).toBe(printed);
  });

  it('keeps comments that look like directives from being some', () => {
    expect(print('\n# escape=`\nRUN a')).toBe('\n# escape=`\nRUN a\n');
    expect(print('# syntax=a\n\n# escape=`\nRUN a')).toBe('# syntax=a\n\n# escape=`\nRUN a\n');
    expect(print('#!/bin/a\n# b\nRUN a')).toBe('#!/bin/a\n# b\nRUN a\n');
  });

  it.each([
    ['words that only a form feed keeps from being JSON', 'COPY ["a",\f"b"]', 'COPY ["a",\f"b"]\n'],
    ['an escape character at the end', 'RUN a\\\f', 'RUN a\\\f\n'],
    ['an instruction without a word', '\\', '\\\n'],
    ['a byte order mark in the text', '\ufeff\ufeffRUN a', '\ufeff\ufeffRUN\n'],
    ['a key that ends in an escape character', 'ENV a\\ \tb=c', 'ENV a\\  b=c\n'],
    ['a keyword that ends in wide white space', 'RUN\u00a0 a', 'RUN\u00a0 -\n'],
  ])('takes care of %s', (_, text, printed) => {
    expect(print(text)).toBe(printed);
  });

  it.each([
    ['words', 'RUN', 'ab '],
    ['comments', 'RUN x', ' # '],
    ['white space', 'RUN x', ' '],
    ['escape characters that do not stand at the end', 'RUN', ' \\\\a'],
    ['surrogate pairs', 'RUN', '😀'],
  ])('breaks lines that are too long to read, with %s', (_, start, piece) => {
    const part = piece.repeat(Math.floor(60_000 / Buffer.byteLength(piece)));
    const text = `${start} a${part}\\\nb${part}\\\nb`;
    const printed = print(text);
    expect(parse(printed).problems).toEqual([]);
    expect(printed.split('\n').every((line) => Buffer.byteLength(line) <= 65_535)).toBe(true);
  });

  it('prints an empty file as one', () => {
    expect(print('')).toBe('');
  });
});
