import { assert } from '../diagnostic/assert.ts';
import { addressOf } from './address.ts';
import { callLayout, callNumber, type CallLoop, type CallName } from './call-loop.ts';

const wordsOfCall = callLayout.size / 4;
const wordOf = {
  number: callLayout.number / 4,
  firstAt: callLayout.firstAt / 4,
  others: callLayout.others / 4,
  first: callLayout.first / 4,
  result: callLayout.result / 4,
} as const;

/** What fits into a batch. */
export interface BatchSize {
  readonly calls: number;
  /** For all paths, with a NUL each. */
  readonly pathBytes: number;
}

/** A list of system calls, made one after the other, whether they fail or not. It can be filled again when it has run. */
export class CallBatch {
  readonly #loop: CallLoop;
  readonly #calls: Uint32Array<ArrayBuffer>;
  readonly #results: Int32Array;
  readonly #callsAddress: number;
  readonly #most: number;
  readonly #paths: Buffer;
  readonly #pathsAddress: number;
  #count = 0;
  #pathEnd = 0;

  constructor(loop: CallLoop, { calls, pathBytes }: BatchSize) {
    this.#loop = loop;
    this.#most = calls;
    this.#calls = new Uint32Array(calls * wordsOfCall);
    this.#results = new Int32Array(this.#calls.buffer);
    this.#callsAddress = addressOf(this.#calls);
    this.#paths = Buffer.allocUnsafeSlow(pathBytes);
    this.#pathsAddress = addressOf(this.#paths);
  }

  /** How many calls there are. */
  get count(): number {
    return this.#count;
  }

  /** Whether there is room for so many calls, and a path. */
  hasRoom(calls: number, path: string | Uint8Array): boolean {
    // A character of a text has at most three bytes.
    const bytes = typeof path === 'string' ? path.length * 3 : path.length;
    return this.#count + calls <= this.#most && this.#pathEnd + bytes < this.#paths.length;
  }

  /** The address of a path, for calls of this batch. */
  path(path: string | Uint8Array): number {
    const start = this.#pathEnd;
    if (typeof path === 'string') this.#pathEnd += this.#paths.write(path, start);
    else {
      this.#paths.set(path, start);
      this.#pathEnd += path.length;
    }
    this.#paths[this.#pathEnd++] = 0;
    return this.#pathsAddress + start;
  }

  /** Adds a call; the number is for {@link result}. */
  add(name: CallName, first: number, others: readonly number[]): number {
    const index = this.#append(name, others);
    const at = index * wordsOfCall;
    this.#setWord(at + wordOf.first, first);
    this.#setWord(at + wordOf.firstAt, this.#callsAddress + index * callLayout.size + callLayout.first);
    return index;
  }

  /** Adds a call whose first argument is what an earlier one returns: a descriptor. */
  addTo(opening: number, name: CallName, others: readonly number[]): number {
    const index = this.#append(name, others);
    const at = this.#callsAddress + opening * callLayout.size + callLayout.result;
    this.#setWord(index * wordsOfCall + wordOf.firstAt, at);
    return index;
  }

  /** Makes the calls. */
  run(): void {
    if (this.#count > 0) this.#loop.run(this.#callsAddress, this.#count);
  }

  /** Makes the calls on another thread. */
  async runAside(): Promise<void> {
    if (this.#count > 0) await this.#loop.runAside(this.#callsAddress, this.#count);
  }

  /** What a call returned; -errno if it failed. Counts and descriptors are below 2 GiB. */
  result(index: number): number {
    return this.#results[index * wordsOfCall + wordOf.result] ?? 0;
  }

  /** Makes it empty. */
  clear(): void {
    this.#count = 0;
    this.#pathEnd = 0;
  }

  #append(name: CallName, others: readonly number[]): number {
    assert(this.#count < this.#most, 'a batch has room for its calls');
    const index = this.#count++;
    const at = index * wordsOfCall;
    this.#setWord(at + wordOf.number, callNumber(name));
    for (let other = 0; other < others.length; other++) {
      this.#setWord(at + wordOf.others + 2 * other, others[other] ?? 0);
    }
    return index;
  }

  /** What is negative is an int of 32 bits to the kernel. */
  #setWord(at: number, value: number): void {
    this.#calls[at] = value;
    this.#calls[at + 1] = value > 0xffff_ffff ? Math.floor(value / 2 ** 32) : 0;
  }
}
