import { expect, test } from 'vitest';
import { ValueError } from '../../spec/value-error.ts';
import { formatGoUrl, parseGoUrl } from './go-url.ts';
import { parseUrlQuery } from './url-query.ts';

test('A URL is split into decoded parts', () => {
  expect(parseGoUrl('HTTP://u%20:p@h.test:80/a%20b/c?q=%31#f%31')).toEqual({
    scheme: 'http',
    opaque: '',
    user: { name: 'u ', password: 'p' },
    host: 'h.test:80',
    omitHost: false,
    path: '/a b/c',
    encodedPath: '/a%20b/c',
    query: 'q=%31',
    forceQuery: false,
    fragment: 'f1',
  });
});

test.each([
  ['http://h', 'http://h'],
  ['http://h/?', 'http://h/?'],
  ['http://h/??', 'http://h/'],
  ['http://@h/', 'http://@h/'],
  ['http://a:@h/', 'http://a:@h/'],
  ['http://a%3ab@h/', 'http://a%3Ab@h/'],
  ['http://h/a"b', 'http://h/a%22b'],
  ['http://h/%22"', 'http://h/%22%22'],
  ['http://h/%41', 'http://h/%41'],
  ['http://h/[x]', 'http://h/[x]'],
  ['http://h/%ff', 'http://h/%ff'],
  ['mailto:a@b?x', 'mailto:a@b'],
  ['file:/tmp', 'file:/tmp'],
  ['file:///tmp', 'file:///tmp'],
  ['//h/p', '//h/p'],
  ['///p', '///p'],
  ['a/b', 'a/b'],
  ['./a:b', './a:b'],
  ['*', '*'],
  ['', ''],
])('%s is written %s', (text, written) => {
  expect(formatGoUrl(parseGoUrl(text))).toBe(written);
});

test.each([
  [':a', 'parse ":a": missing protocol scheme'],
  ['a\n', 'parse "a\\n": net/url: invalid control character in URL'],
  ['1:b', 'parse "1:b": first path segment in URL cannot contain colon'],
  ['http://h/%zz', 'parse "http://h/%zz": invalid URL escape "%zz"'],
  ['http://h/#%4', 'parse "http://h/#%4": invalid URL escape "%4"'],
  ['http://h%41/', 'parse "http://h%41/": invalid URL escape "%41"'],
  ['http://h h/#x', 'parse "http://h h/": invalid character " " in host name'],
  ['http://h:p/', 'parse "http://h:p/": invalid port ":p" after host'],
  ['http://a b@h/', 'parse "http://a b@h/": net/url: invalid userinfo'],
  ['http://[::1/', 'parse "http://[::1/": missing \']\' in host'],
])('%j is refused with %j', (text, message) => {
  expect(() => parseGoUrl(text)).toThrow(new ValueError(message));
});

test('A query keeps the order of its keys and the values of each', () => {
  const { values, problem } = parseUrlQuery('b=1&a&b=x+y%2B&=z');
  expect([...values]).toEqual([
    ['b', ['1', 'x y+']],
    ['a', ['']],
    ['', ['z']],
  ]);
  expect(problem).toBeUndefined();
});

test('Bad pairs of a query are left out, the first of them is told', () => {
  const { values, problem } = parseUrlQuery('%zz=1&a;b=2&c=3');
  expect([...values]).toEqual([['c', ['3']]]);
  expect(problem).toBe('invalid URL escape "%zz"');
});

test('A query of more than 10000 pairs has none', () => {
  expect(parseUrlQuery('a=b&'.repeat(9999)).values.get('a')).toHaveLength(9999);
  expect(parseUrlQuery('a=b&'.repeat(10_000)).values.size).toBe(0);
});
