import { expect, it } from 'vitest';
import { parseJsonObject } from './json.ts';

const nested = (depth: number): string => `{"a":${'['.repeat(depth - 1)}${']'.repeat(depth - 1)}}`;

it('An object may be nested a thousand deep, and no deeper', () => {
  expect(Object.keys(parseJsonObject(nested(1000)))).toEqual(['a']);
  expect(() => parseJsonObject(nested(1001))).toThrow('invalid JSON: nested more than 1000 deep');
});

it('Brackets in texts do not count', () => {
  const text = `\\"${'['.repeat(5000)}\\\\`;
  expect(parseJsonObject(`{"a":"${text}","b":[]}`)).toEqual({ a: `"${'['.repeat(5000)}\\`, b: [] });
});
