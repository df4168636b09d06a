import { describe, expect, test } from 'vitest';
import { parsePattern } from './pattern.ts';
import type { Pattern } from './pattern.ts';
import { replaceAll, replaceFirst } from './replace.ts';

function parse(text: string): Pattern {
  const pattern = parsePattern(text);
  if (pattern.kind === 'invalid') throw new Error(pattern.reason);
  return pattern;
}

describe('all matches', () => {
  test.each([
    ['abab', 'a', '-', '-b-b'],
    ['', '', '-', '-'],
    ['ab', '', '-', '-a-b-'],
    ['a😀', '', '-', '-a-😀-'],
    ['ab', '*', '-', '-'],
    ['a\n\nb', '*', '-', '-\n-\n-'],
    ['\na', '*', '-', '-\n-'],
    ['axbxb\nab', 'a*b', '<$0>', '<axbxb>\n<ab>'],
    ['a\udcffb', '\ufffd', '<$0>', 'a<\udcff>b'],
    ['a', 'a', '$$0 $0 ${0} $00 ${00}', '$0 a a  '],
    ['a', 'a', '$1$x${é}.', '.'],
    ['a', 'a', '$ ${ ${} ${0 $', '$ ${ ${} ${0 $'],
  ])('of %j, %j replaced by %j: %j', (value, pattern, template, result) => {
    expect(replaceAll(value, parse(pattern), { template, maximumLength: 100 })).toBe(result);
  });

  test('a result that is too long is none', () => {
    expect(replaceAll('aaa', parse('a'), { template: '$0$0', maximumLength: 6 })).toBe('aaaaaa');
    expect(replaceAll('aaa', parse('a'), { template: '$0$0', maximumLength: 5 })).toBeUndefined();
  });
});

test('the first match is replaced by the text as it is', () => {
  expect(replaceFirst('xabab', parse('a?'), '$0$$')).toBe('x$0$$ab');
  expect(replaceFirst('x', parse('a'), '-')).toBe('x');
});
