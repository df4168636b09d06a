import { expect, test } from 'vitest';
import { screenLines } from './screen-text.ts';

test.each([
  ['colours', '\x1b[1;31mred\x1b[0m', ['red']],
  ['a progress bar', ' 10%\r 20%\r100%', ['100%']],
  ['a shorter line over a longer one', 'longer\rab', ['abnger']],
  ['a line that is erased first', 'longer\r\x1b[Kab', ['ab']],
  ['a line that is erased as a whole', 'longer\x1b[2K\rab', ['ab']],
  ['backspaces', 'ab\b\bcd\b', ['cd']],
  ['tabs', 'a\tb', ['a       b']],
  ['cursor movements', 'a\x1b[2A\x1b[10;10Hb\x1b7\x1b[?25l', ['ab']],
  ['titles', 'a\x1b]0;title\x07b\x1b]8;;http://x\x1b\\c', ['abc']],
  ['an unfinished title, which ends with its line', 'a\x1b]0;title\nb', ['a', 'b']],
  ['an unfinished sequence', 'a\x1b[3', ['a']],
  ['a character set', 'a\x1b(Bb', ['ab']],
  ['sequences of eight bits', 'a\x9b2Jb', ['ab']],
  ['control characters', 'a\x00\x01\x07\x0e\u202eb', ['ab']],
  ['Windows line endings', 'a\r\nb\r\n', ['a', 'b', '']],
])('shows %s as a terminal would, without harm', (_, text, lines) => {
  expect(screenLines(text)).toEqual(lines);
});
