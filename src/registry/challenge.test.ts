import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseChallenges } from './challenge.ts';

const read = (header: string) =>
  parseChallenges(header).map(({ scheme, parameters }) => [scheme, Object.fromEntries(parameters)]);

test.each<[string, unknown]>([
  ['', []],
  ['Basic realm="x"', [['basic', { realm: 'x' }]]],
  [
    'Bearer realm="https://a/t",service="s",scope="repository:a/b:pull,push"',
    [['bearer', { realm: 'https://a/t', service: 's', scope: 'repository:a/b:pull,push' }]],
  ],
  ['Bearer Realm = x , error="a \\"b\\""', [['bearer', { realm: 'x', error: 'a "b"' }]]],
  [
    'Basic realm="a", Bearer realm="b"',
    [
      ['basic', { realm: 'a' }],
      ['bearer', { realm: 'b' }],
    ],
  ],
  [
    'Negotiate, Basic realm=x',
    [
      ['negotiate', {}],
      ['basic', { realm: 'x' }],
    ],
  ],
  ['"', []],
])('The challenge %j is understood', (header, expected) => {
  expect(read(header)).toEqual(expected);
});

test('Every header has an answer', () => {
  const unit = fc.constantFrom('a', '=', '"', ',', ' ', '\\', 'Bearer ');
  fc.assert(fc.property(fc.string({ unit }), (text) => Array.isArray(parseChallenges(text))));
  expect(parseChallenges('a'.repeat(1_000_000)).length).toBe(1);
});
