import type { Clock } from '../../progress/clock.ts';

/** Calls a function when there is reason to, but not more often than the eye can follow. */
export class RedrawTimer {
  readonly #interval: number;
  readonly #clock: Clock;
  readonly #redraw: () => void;
  #last = -Infinity;
  #timer: NodeJS.Timeout | undefined;
  #isStopped = false;

  /** @param interval - milliseconds between two calls, at least */
  constructor(interval: number, clock: Clock, redraw: () => void) {
    this.#interval = interval;
    this.#clock = clock;
    this.#redraw = redraw;
  }

  /** Asks for a call: now, or as soon as the interval is over. */
  request(): void {
    if (this.#isStopped) return;
    const wait = this.#last + this.#interval - this.#clock();
    // A build that keeps the thread busy starves timers, so every request looks at the clock, too.
    if (wait <= 0) this.#call();
    else
      this.#timer ??= setTimeout(() => {
        this.#call();
      }, wait).unref();
  }

  /** No call follows. */
  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
  }

  #call(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#last = this.#clock();
    this.#redraw();
  }
}
