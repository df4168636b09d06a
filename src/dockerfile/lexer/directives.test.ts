import { describe, expect, it } from 'vitest';
import { Source } from '../../diagnostic/source.ts';
import { detectSyntax, DirectiveReader, findDirective, matchDirective } from './directives.ts';

const find = (text: string, name: 'syntax' | 'escape' | 'check' = 'syntax') =>
  findDirective(new Source('Dockerfile', text), name);

describe('matchDirective', () => {
  it.each([
    ['# syntax=a', 'syntax', 'a'],
    ['#syntax=a', 'syntax', 'a'],
    ['#\t \u00a0syntax\t=\f a b \t', 'syntax', 'a b'],
    ['# SYNTAX=A', 'syntax', 'A'],
    ['# Escape=`', 'escape', '`'],
    ['# escape==', 'escape', '='],
    ['# check=skip=all;error=true', 'check', 'skip=all;error=true'],
    ['# syntax= ', 'syntax', ' '],
    ['# syntax=  \t', 'syntax', '\t'],
    ['# syntax=\u00a0a\u00a0', 'syntax', '\u00a0a\u00a0'],
  ])('reads %j', (text, name, value) => {
    expect(matchDirective(text, '#')).toEqual({ name, value });
  });

  it.each([
    '# syntax=',
    '# syntax a',
    '# unknown=a',
    '# syntax2=a',
    '# syn tax=a',
    '# 1=a',
    '## syntax=a',
    'syntax=a',
    ' # syntax=a',
    '#',
  ])('takes %j for a comment', (text) => {
    expect(matchDirective(text, '#')).toBeUndefined();
  });
});

describe('DirectiveReader', () => {
  const read = (...lines: string[]) => {
    const source = new Source('Dockerfile', lines.join('\n'));
    const reader = new DirectiveReader(source);
    let start = 0;
    const kinds = lines.map((line) => {
      const found = reader.read(start, start + line.length);
      start += line.length + 1;
      return found.kind === 'problem' ? found.problem.message : found.kind;
    });
    return { kinds, done: reader.done };
  };

  it('stops at the first line that is no directive', () => {
    expect(read('# syntax=a', '# comment', '# escape=`')).toEqual({
      kinds: ['directive', 'other', 'other'],
      done: true,
    });
  });

  it('stops at a blank line', () => {
    expect(read('', '# escape=`').kinds).toEqual(['other', 'other']);
  });

  it('refuses a directive that is repeated in other letters, and reads on', () => {
    expect(read('# escape=`', '# ESCAPE=`', '# check=a')).toEqual({
      kinds: ['directive', 'only one escape parser directive can be used', 'directive'],
      done: false,
    });
  });
});

describe('findDirective', () => {
  it('gives the value up to the first blank, the whole value, and the line', () => {
    expect(find('# escape=`\n# syntax=a b c\nFROM a')).toEqual({ first: 'a', value: 'a b c', line: 2 });
  });

  it('looks below a byte order mark and a #! line', () => {
    expect(find('\ufeff#!/usr/bin/env kiln\n# syntax=a\n')).toEqual({ first: 'a', value: 'a', line: 2 });
  });

  it.each([
    '#!/bin/sh\n#!/bin/sh\n# syntax=a',
    'FROM a\n# syntax=a',
    '\n# syntax=a',
    ' # syntax=a',
    '# a\n# syntax=a',
    '',
  ])('finds none in %j', (text) => {
    expect(find(text)).toBeUndefined();
  });

  it('finds none behind a repeated directive', () => {
    expect(find('# check=a\n# check=b\n# syntax=c')).toBeUndefined();
  });

  it('does not take the line ending for a value', () => {
    expect(find('# syntax=a\r\n# escape=`\r\n')?.value).toBe('a');
    expect(find('# syntax=\r\nFROM a\r\n')).toBeUndefined();
  });
});

describe('detectSyntax', () => {
  const detect = (text: string) => detectSyntax(new Source('Dockerfile', text));

  it('reads // comments where there are no # comments', () => {
    expect(detect('#!/bin/x\n// check=a\n//syntax=a b\n')).toEqual({ first: 'a', value: 'a b', line: 3 });
  });

  it('reads JSON', () => {
    expect(detect('{"other": {}, "syntax": "a b"}')).toEqual({ first: 'a b', value: 'a b', line: 0 });
    expect(detect('#!/bin/x\n\n {\n"syntax": "a"}\n')).toEqual({ first: 'a', value: 'a', line: 1 });
  });

  it.each(['{"syntax": 1}', '{"syntax": "a"', '["syntax"]', '{}', '{"syntax": "a"} b', '"a"', 'FROM a'])(
    'finds nothing in %j',
    (text) => {
      expect(detect(text)).toBeUndefined();
    },
  );
});
