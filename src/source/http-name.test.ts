import { expect, test } from 'vitest';
import { formatHttpDate, parseHttpDate } from './http-date.ts';
import { httpFileName } from './http-name.ts';

test.each([
  ['http://h/a.txt', 'a.txt'],
  ['http://h/dir/', 'dir'],
  ['http://h/', '__unnamed__'],
  ['http://h', '__unnamed__'],
  ['http://h?q=/x', '__unnamed__'],
  ['http://h/a%2Fb', 'b'],
  ['http://h/%00', 'download'],
  ['http://h/%2e%2e', '__unnamed__'],
  ['http://h/%zz', '__unnamed__'],
  ['http://h/%20a%20', 'a'],
  ['http://h/%C3%A9#f', 'é'],
])('The file at %s is called %s', (url, name) => {
  expect(httpFileName(url)).toBe(name);
});

test.each([
  ['Sun, 06 Nov 1994 08:49:37 GMT', 784111777],
  ['Sunday, 06-Nov-94 08:49:37 GMT', 784111777],
  ['Sun Nov  6 08:49:37 1994', 784111777],
  ['yesterday', undefined],
  ['1994-11-06', undefined],
  ['', undefined],
  [undefined, undefined],
])('%s is %s', (text, time) => {
  expect(parseHttpDate(text)).toBe(time);
});

test('A time is written the first way', () => {
  expect(formatHttpDate(784111777)).toBe('Sun, 06 Nov 1994 08:49:37 GMT');
});
