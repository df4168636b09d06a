import type { LibraryHandle } from 'koffi';
import { lazy } from '../spec/lazy.ts';
import { cLibrary, type CValue } from './c-library.ts';
import { putThreadsBehind } from './threads.ts';

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

let isPoolBehind = false;

/** As {@link cFunctionAside}, of a function that was found. */
export function callAside(call: FoundFunction, ...values: readonly CValue[]): Promise<number> {
  return new Promise((resolve, reject) => {
    call.async(...values, (error: Error | null, result: number) => {
      if (error) reject(error);
      else resolve(result);
    });
    if (isPoolBehind) return;
    // Now there is a pool.
    isPoolBehind = true;
    putThreadsBehind();
  });
}
