import { expect, test } from 'vitest';
import { ValueError } from '../../spec/value-error.ts';
import { hostOf } from './host-port.ts';

test.each([
  ['a:80', 'a'],
  [':', ''],
  ['[::1]:80', '::1'],
  ['[]:', ''],
])('The host of %s is %j', (text, host) => {
  expect(hostOf(text)).toBe(host);
});

test.each([
  ['', 'missing port in address'],
  ['a', 'missing port in address'],
  ['[a]', 'missing port in address'],
  ['[a]b:1', 'missing port in address'],
  ['a:b:c', 'too many colons in address'],
  ['[a]:b:c', 'too many colons in address'],
  ['[a:1', "missing ']' in address"],
  ['a[:1', "unexpected '[' in address"],
  ['a]:1', "unexpected ']' in address"],
  ['[a]:]', "unexpected ']' in address"],
])('%j has no host: %s', (text, problem) => {
  expect(() => hostOf(text)).toThrow(new ValueError(`address ${text}: ${problem}`));
});
