import { createHash, type Hash } from 'node:crypto';
import { fewBytes, sha256 } from '../spec/sha256.ts';

/** The sha256 of records that come one after the other, as texts with a character a byte; quick if there are few of them. */
export class RecordHash {
  /** What is to be hashed next: much at once takes less time. */
  #next = '';
  #long: Hash | undefined;

  update(record: string): void {
    this.#next += record;
    if (this.#next.length <= fewBytes) return;
    this.#long = (this.#long ?? createHash('sha256')).update(this.#next, 'latin1');
    this.#next = '';
  }

  /** Hexadecimal. */
  digest(): string {
    if (this.#long) return this.#long.update(this.#next, 'latin1').digest('hex');
    return sha256(Buffer.from(this.#next, 'latin1'));
  }
}
