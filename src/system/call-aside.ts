import { readdirSync, readFileSync } from 'node:fs';
import type { LibraryHandle } from 'koffi';
import { lazy } from '../spec/lazy.ts';
import { cFunction, cLibrary, type CValue } from './c-library.ts';

/** A function that has been looked up; what it takes is what its prototype says. */
export type FoundFunction = ReturnType<LibraryHandle['func']>;

/**
 * Calls a function as `cFunction` does, on another thread. Why it failed is not told: `errno` is that of the thread. Buffers
 * must not be changed meanwhile.
 */
export function cFunctionAside(prototype: string): (...values: readonly CValue[]) => Promise<number> {
  const found = lazy(() => cLibrary().symbols.func(prototype));
  return (...values) => callAside(found(), ...values);
}

/** As {@link cFunctionAside}, of a function that was found. */
export function callAside(call: FoundFunction, ...values: readonly CValue[]): Promise<number> {
  return new Promise((resolve, reject) => {
    call.async(...values, (error: Error | null, result: number) => {
      if (error) reject(error);
      else resolve(result);
    });
    // Now there is a pool.
    keepPoolBehind();
  });
}

/** How Linux names the threads that calls are made on, and SCHED_BATCH. */
const poolThread = 'libuv-worker\n';
const batch = 3;

const setScheduler = cFunction('int sched_setscheduler(int, int, const uint8_t *)');

/**
 * A thread that is given something to do takes the processor from the one that gave it, for a millisecond or two if the others are
 * busy; and that is the one which everything waits for. From then on, threads of the pool wait for their turn.
 *
 * @see https://man7.org/linux/man-pages/man7/sched.7.html SCHED_BATCH
 */
const keepPoolBehind = lazy((): object => {
  try {
    for (const thread of readdirSync('/proc/self/task')) {
      if (readFileSync(`/proc/self/task/${thread}/comm`, 'latin1') !== poolThread) continue;
      setScheduler(Number(thread), batch, Buffer.alloc(4));
    }
  } catch {
    // Where there is no /proc, it takes a little longer.
  }
  return {};
});
