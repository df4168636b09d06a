import { setImmediate } from 'node:timers/promises';

/** How long synchronous work may keep the event loop, in ms. */
const longest = 10;

/** Breaks long synchronous work up, so that others get their turn and an abort is noticed. */
export class Pacer {
  readonly #signal: AbortSignal | undefined;
  #since = Date.now();

  constructor(signal: AbortSignal | undefined) {
    this.#signal = signal;
    signal?.throwIfAborted();
  }

  /** Whether it is time for {@link rest}. */
  get isDue(): boolean {
    // This clock takes a tenth of the time that others do; somebody may set it back.
    const passed = Date.now() - this.#since;
    return passed > longest || passed < 0;
  }

  /** Throws the reason of the signal once it is aborted; enough where work waits for something anyway. */
  check(): void {
    this.#signal?.throwIfAborted();
  }

  /** Lets others run; throws the reason of the signal once it is aborted. */
  async rest(): Promise<void> {
    await setImmediate();
    this.check();
    this.#since = Date.now();
  }
}
