import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { cFunctionAside } from './call-aside.ts';

/** Fields of /proc/PID/stat behind the name: the policy of a thread is the 41st of all. */
const policyAfterName = 38;
const batch = '3';

it('calls on threads that do not take the processor from this one', async () => {
  const absolute = cFunctionAside('int abs(int)');
  expect(await Promise.all([-1, 2, -3].map((number) => absolute(number)))).toEqual([1, 2, 3]);
  const policies = readdirSync('/proc/self/task')
    .map((thread) => readFileSync(`/proc/self/task/${thread}/stat`, 'latin1'))
    .filter((stat) => stat.includes('(libuv-worker)'))
    .map((stat) => stat.slice(stat.lastIndexOf(')') + 2).split(' ')[policyAfterName]);
  expect(policies.length).toBeGreaterThan(0);
  expect(new Set(policies)).toEqual(new Set([batch]));
});
