import { closeSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

/** What a program prints, as it comes: 1 is standard output, 2 standard error. */
export type PrintOutput = (stream: 1 | 2, chunk: Uint8Array) => void;

export interface StepOutputOptions {
  readonly print: PrintOutput;
  /** Bytes that are printed before the rest only goes to a file; Infinity for all. */
  readonly limit: number;
  /** Path of a new file for the whole output. */
  readonly file: () => string;
}

/** Of what is not printed as it comes, so much of the end is printed when there is no more. Bytes. */
const tailSize = 1 << 16;

/** The output of a step: of a flood, the beginning and the end are printed, and all of it is in a file. */
export class StepOutput implements Disposable {
  readonly #options: StepOutputOptions;
  #printed = 0;
  /** What was printed, for the file that there may have to be. */
  #head: Uint8Array[] = [];
  #spill: Spill | undefined;

  constructor(options: StepOutputOptions) {
    this.#options = options;
  }

  write(stream: 1 | 2, chunk: Uint8Array): void {
    const { print, limit, file } = this.#options;
    if (this.#spill) {
      this.#spill.write(chunk);
      return;
    }
    if (this.#printed + chunk.length <= limit) {
      print(stream, chunk);
      this.#printed += chunk.length;
      if (limit !== Infinity) this.#head.push(Buffer.from(chunk));
      return;
    }
    this.#spill = new Spill(file(), this.#head);
    this.#head = [];
    print(2, Buffer.from(`\n[more than ${this.#printed} bytes of output: the rest goes to ${this.#spill.path}]\n`));
    this.#spill.write(chunk);
  }

  /** Prints the end of what was not printed, and where all of it is. */
  [Symbol.dispose](): void {
    const spill = this.#spill;
    if (!spill) return;
    this.#spill = undefined;
    spill.close();
    const { print } = this.#options;
    print(2, Buffer.from(`[${spill.size - spill.tail.length} bytes of output not shown]\n`));
    print(1, spill.tail);
    const endsLine = spill.tail.at(-1) === 10;
    const place =
      spill.failure === undefined ? `all of the output is in ${spill.path}` : `the output is lost: ${spill.failure}`;
    print(2, Buffer.from(`${endsLine ? '' : '\n'}[${place}]\n`));
  }
}

/** A file for output, and its end in memory. A disk that is full does not end the step. */
class Spill {
  readonly path: string;
  /** Bytes that were given to it after the head. */
  size = 0;
  failure: string | undefined;
  #file: number | undefined;
  #last: Uint8Array[] = [];
  #lastSize = 0;

  constructor(path: string, head: readonly Uint8Array[]) {
    this.path = path;
    this.#trying(() => {
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
      this.#file = openSync(path, 'wx', 0o600);
    });
    for (const chunk of head) this.#append(chunk);
  }

  write(chunk: Uint8Array): void {
    this.size += chunk.length;
    this.#append(chunk);
    this.#last.push(Buffer.from(chunk.subarray(-tailSize)));
    this.#lastSize += Math.min(chunk.length, tailSize);
    if (this.#lastSize < 4 * tailSize) return;
    this.#last = [this.tail];
    this.#lastSize = this.#last[0]?.length ?? 0;
  }

  get tail(): Buffer {
    return Buffer.from(Buffer.concat(this.#last).subarray(-tailSize));
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }

  #append(chunk: Uint8Array): void {
    this.#trying(() => {
      for (let at = 0; at < chunk.length && this.#file !== undefined;) at += writeSync(this.#file, chunk, at);
    });
  }

  #trying(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.failure = error instanceof Error ? error.message : String(error);
      // What is there of it says less than nothing.
      if (this.#file !== undefined) rmSync(this.path, { force: true });
      this.close();
    }
  }
}
