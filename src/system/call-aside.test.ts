import { readdirSync, readFileSync } from 'node:fs';
import { pid } from 'node:process';
import { expect, it } from 'vitest';
import { cFunctionAside } from './call-aside.ts';

/** Fields of /proc/PID/stat behind the name: the policy of a thread is the 41st of all. */
const policyAfterName = 38;
const batch = '3';

function policyOf(stat: string): string | undefined {
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[policyAfterName];
}

it('calls on threads that do not take the processor from this one', async () => {
  const absolute = cFunctionAside('int abs(int)');
  expect(await Promise.all([-1, 2, -3].map((number) => absolute(number)))).toEqual([1, 2, 3]);
  const threads = readdirSync('/proc/self/task').filter((thread) => thread !== String(pid));
  const stats = threads.map((thread) => readFileSync(`/proc/self/task/${thread}/stat`, 'latin1'));
  expect(stats.some((stat) => stat.includes('(libuv-worker)'))).toBe(true);
  expect(new Set(stats.map(policyOf))).toEqual(new Set([batch]));
});
