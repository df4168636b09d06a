import { expect, test } from 'vitest';
import { nextTurn, type Waiting } from './fair-turn.ts';

const step = (news: number, since: number): Waiting => ({ news, since });
const now = 100_000;

test('The liveliest prints if nobody does', () => {
  const lively = step(9, now - 100);
  expect(nextTurn([step(1, now - 100), lively], undefined, now)).toBe(lively);
});

test('Nobody follows if nobody waits', () => {
  const nobody: readonly Waiting[] = [];
  expect(nextTurn(nobody, undefined, now)).toBeUndefined();
  expect(nextTurn([], step(1, now), now)).toBeUndefined();
});

test('Who prints stays for five seconds, and longer if it is lively', () => {
  const other = step(5, now - 1000);
  expect(nextTurn([other], step(1, now - 4000), now)).toBeUndefined();
  expect(nextTurn([other], step(1, now - 6000), now)).toBe(other);
  expect(nextTurn([other], step(100, now - 6000), now)).toBeUndefined();
});

test('Nobody waits for more than ten seconds', () => {
  const patient = step(1, now - 11_000);
  expect(nextTurn([step(50, now - 10), patient], step(1000, now - 10), now)).toBe(patient);
});
