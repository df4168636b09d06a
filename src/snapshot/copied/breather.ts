import { setImmediate } from 'node:timers/promises';

/** How many files are handled before something else gets its turn. */
const filesAtOnce = 256;

/** Lets other work go on, and stops, in the middle of work on many files. */
export class Breather {
  readonly #signal: AbortSignal | undefined;
  #count = 0;

  constructor(signal: AbortSignal | undefined) {
    this.#signal = signal;
  }

  /** To be called for every file; what it returns is to be waited for. */
  next(): Promise<void> | undefined {
    if (++this.#count % filesAtOnce !== 0) return undefined;
    this.#signal?.throwIfAborted();
    return setImmediate();
  }
}
