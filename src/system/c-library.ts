import { createRequire } from 'node:module';
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

/** A C function that returns a number; -1 with `errno` set if it fails. */
export type CFunction = (...values: readonly (number | bigint | string | Uint8Array | null)[]) => number;

/** A function of the C library by its prototype, looked up when it is first called. */
export function cFunction(prototype: string): CFunction {
  const found = lazy(() => cLibrary().symbols.func(prototype) as CFunction);
  return (...values) => found()(...values);
}

/** Calls a function as {@link cFunction} does, on another thread. What it returns is not told. */
export function cFunctionAside(
  prototype: string,
): (...values: readonly (number | bigint | string | Uint8Array | null)[]) => Promise<void> {
  const found = lazy(() => cLibrary().symbols.func(prototype));
  return (...values) =>
    new Promise((resolve) => {
      found().async(...values, () => {
        resolve();
      });
    });
}

/** `errno` of the call before. */
export function errno(): number {
  return cLibrary().koffi.errno();
}
