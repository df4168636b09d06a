import { setTimeout as wait } from 'node:timers/promises';
import { NetworkError } from '../registry/network-error.ts';
import type { HttpResponse } from '../registry/http-client.ts';

/** Answers that may be others in a moment. */
const passing: ReadonlySet<number> = new Set([408, 429, 500, 502, 503, 504]);
/** One after the other without a byte that is new. */
const mostFailures = 4;
const longestWait = 30_000;
/** What every broken connection must have brought on average, in bytes, for the download to go on. */
const leastGain = 2 ** 20;
const mostBroken = 20;

/** Decides how often a download is tried again, and waits in between. */
export class HttpAttempts {
  readonly #backoff: number;
  readonly #signal: AbortSignal | undefined;
  #failures = 0;
  #broken = 0;
  #best = 0;

  /** @param backoff how long to wait the first time, in ms, doubled each time */
  constructor(backoff: number, signal: AbortSignal | undefined) {
    this.#backoff = backoff;
    this.#signal = signal;
  }

  /** Whether an answer says that it is worth to ask again. */
  static isPassing({ status }: HttpResponse): boolean {
    return passing.has(status);
  }

  /**
   * Waits, or says that it is enough: a server that breaks off after every few bytes must not keep us forever.
   *
   * @param received bytes so far
   */
  async again(outcome: HttpResponse | NetworkError, received: number): Promise<boolean> {
    if (outcome instanceof NetworkError && !outcome.mayPass) return false;
    this.#failures = received > this.#best ? 1 : this.#failures + 1;
    this.#best = Math.max(this.#best, received);
    this.#broken += 1;
    if (this.#failures >= mostFailures || this.#broken > mostBroken + received / leastGain) return false;
    let delay = this.#backoff * 2 ** (this.#failures - 1);
    const seconds = outcome instanceof NetworkError ? NaN : Number(outcome.headers['retry-after']);
    if (seconds > 0) delay = seconds * 1000;
    await wait(Math.min(delay, longestWait), undefined, this.#signal ? { signal: this.#signal } : {});
    return true;
  }
}
