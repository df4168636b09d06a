import { createRequire } from 'node:module';
import { constants } from 'node:os';
import { arch } from 'node:process';
import { lazy } from '../spec/lazy.ts';
import type koffi from 'koffi';
import type { LibraryHandle } from 'koffi';

/** What koffi can do, and the C library that this process already has. */
interface CLibrary {
  readonly koffi: typeof koffi;
  readonly symbols: LibraryHandle;
}

/** The C library (glibc or musl alike). Loading it takes 5 ms, so nobody calls this before something is needed of it. */
export const cLibrary: () => CLibrary = lazy(() => {
  const loaded = loadKoffi();
  return { koffi: loaded, symbols: loaded.load(null) };
});

/** Its compiled part alone if that is where it should be: finding out which of its parts it needs takes koffi another 7 ms. */
function loadKoffi(): typeof koffi {
  // The bundle is CommonJS, where there is no import.meta.url; in an ES module there is no require.
  const load = typeof require === 'function' ? require : createRequire(import.meta.url);
  try {
    return load(`@koromix/koffi-linux-${arch}/linux_${arch}/koffi.node`) as typeof koffi;
  } catch {
    return load('koffi') as typeof koffi;
  }
}

/** An argument of a C function. */
export type CValue = number | bigint | string | Uint8Array | null;

/** A C function that returns a number; -1 with `errno` set if it fails. */
export type CFunction = (...values: readonly CValue[]) => number;

/**
 * Errors that a call may seem to have had, but of which V8 is the author: when it cleans up its heap between a call that failed
 * and the question for its error, system calls of its own fail.
 */
const doubtful: ReadonlySet<number> = new Set([
  0,
  constants.errno.EINTR,
  constants.errno.EAGAIN,
  constants.errno.ETIMEDOUT,
]);
/** V8 does not clean up that often. */
const mostTries = 5;

/**
 * A function of the C library by its prototype, looked up when it is first called.
 *
 * @param isRepeatable whether it has done nothing if it fails
 */
export function cFunction(prototype: string, isRepeatable = true): CFunction {
  const found = lazy(() => cLibrary().symbols.func(prototype) as CFunction);
  return (...values) => {
    const call = found();
    const result = call(...values);
    if (result !== -1) return result;
    lastError = currentError();
    return isRepeatable && doubtful.has(lastError) ? callAgain(() => call(...values)) : result;
  };
}

/** A call that failed did nothing, so it can be made again: until it says the same twice, or something that is not doubtful. */
function callAgain(call: () => number): number {
  for (let tries = 0; tries < mostTries; tries++) {
    const result = call();
    if (result !== -1) return result;
    const before = lastError;
    lastError = currentError();
    if (lastError === before || !doubtful.has(lastError)) break;
  }
  return -1;
}

let lastError = 0;

/** `errno` of the function that failed last. */
export function errno(): number {
  return lastError;
}

function currentError(): number {
  return cLibrary().koffi.errno();
}
