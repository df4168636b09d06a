import fc from 'fast-check';
import { expect, test } from 'vitest';
import { percentDecode, percentEncode } from './percent-encoding.ts';
import type { UrlPart } from './percent-encoding.ts';
import { ValueError } from './value-error.ts';

const reserved = " $&+,/:;=?@!()*'[]%";

test.each<[UrlPart, string]>([
  ['path', '%20$&+,/:;=%3F@%21%28%29%2A%27%5B%5D%25'],
  ['path-segment', '%20$&+%2C%2F:%3B=%3F@%21%28%29%2A%27%5B%5D%25'],
  ['userinfo', '%20$&+,%2F%3A;=%3F%40%21%28%29%2A%27%5B%5D%25'],
  ['query', '+%24%26%2B%2C%2F%3A%3B%3D%3F%40%21%28%29%2A%27%5B%5D%25'],
  ['fragment', '%20$&+,/:;=?@!()*%27%5B%5D%25'],
  ['host', "%20$&+,%2F:;=%3F%40!()*'[]%25"],
])('In a %s the reserved characters are written %s', (part, encoded) => {
  expect(percentEncode(reserved, part)).toBe(encoded);
});

test.each<[string, UrlPart, string]>([
  ['a%2fb%2F', 'path', 'a/b/'],
  ['a+b%2B', 'path', 'a+b+'],
  ['a+b%2B', 'query', 'a b+'],
  ['%C3%A9é', 'path', 'éé'],
  ['%ff', 'path', '\udcff'],
  ['\udcc3%A9', 'path', 'é'],
  ['h%C3%A9%25', 'host', 'hé%'],
  ['%25a%20b', 'zone', '%a b'],
])('%s in a %s means %s', (text, part, value) => {
  expect(percentDecode(text, part)).toBe(value);
});

test.each<[string, UrlPart, string]>([
  ['%', 'path', 'invalid URL escape "%"'],
  ['a%4', 'path', 'invalid URL escape "%4"'],
  ['a%4gb', 'path', 'invalid URL escape "%4g"'],
  ['%+1', 'query', 'invalid URL escape "%+1"'],
  ['%aé', 'path', 'invalid URL escape "%a\\xc3"'],
  ['%20', 'host', 'invalid URL escape "%20"'],
  ['%2F', 'zone', 'invalid URL escape "%2F"'],
  ['a b', 'host', 'invalid character " " in host name'],
])('%s in a %s is refused with %s', (text, part, message) => {
  expect(() => percentDecode(text, part)).toThrow(new ValueError(message));
});

test('What is encoded decodes to itself', () => {
  const part = fc.constantFrom<UrlPart>('path', 'path-segment', 'userinfo', 'query', 'fragment');
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), part, (text, where) => {
      expect(percentDecode(percentEncode(text, where), where)).toBe(text);
    }),
  );
});
