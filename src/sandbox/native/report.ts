import { readSync } from 'node:fs';
import { closeDescriptor } from '../../system/descriptor.ts';
import { isSystemError } from '../../system/system-error.ts';
import { reports } from './step/kernel.ts';

/** What the processes of a step have said so far: pairs of numbers. */
export class Report {
  #fd: number | undefined;
  readonly #buffer = Buffer.alloc(256);
  #size = 0;

  /** @param fd a descriptor which does not wait for what is not there yet */
  constructor(fd: number) {
    this.#fd = fd;
  }

  /** Closes the descriptor; what has been said is kept. */
  close(): void {
    if (this.#fd === undefined) return;
    this.#read(this.#fd);
    closeDescriptor(this.#fd);
    this.#fd = undefined;
  }

  /** Process id of the process that takes all others with it. */
  get processId(): number | undefined {
    return this.#find((kind) => kind === reports.processId)?.value;
  }

  /** How the user's program ended, as wait(2) has it. */
  get exitStatus(): number | undefined {
    return this.#find((kind) => kind === reports.exitStatus)?.value;
  }

  get isProgramMissing(): boolean {
    return this.#find((kind) => kind === reports.programNotFound) !== undefined;
  }

  /** The operation of the program that failed, by its address, and its result. */
  get failure(): { readonly address: number; readonly result: number } | undefined {
    const found = this.#find((kind) => kind > reports.programNotFound);
    return found && { address: found.kind, result: found.value };
  }

  #find(matches: (kind: number) => boolean): { readonly kind: number; readonly value: number } | undefined {
    if (this.#fd !== undefined) this.#read(this.#fd);
    for (let at = 0; at + 16 <= this.#size; at += 16) {
      const kind = Number(this.#buffer.readBigInt64LE(at));
      if (matches(kind)) return { kind, value: Number(this.#buffer.readBigInt64LE(at + 8)) };
    }
    return undefined;
  }

  #read(fd: number): void {
    try {
      for (let count = 1; count > 0; this.#size += count) {
        count = readSync(fd, this.#buffer, this.#size, this.#buffer.length - this.#size, null);
      }
    } catch (error) {
      if (!isSystemError(error, 'EAGAIN')) throw error;
    }
  }
}
