import { createHash, type Hash } from 'node:crypto';
import { fewBytes, sha256 } from '../spec/sha256.ts';

/** The sha256 of records that come one after the other, as texts with a character a byte; quick if there are few of them. */
export class RecordHash {
  #short = '';
  #long: Hash | undefined;

  update(record: string): void {
    if (this.#long) {
      this.#long.update(record, 'latin1');
      return;
    }
    this.#short += record;
    if (this.#short.length > fewBytes) this.#long = createHash('sha256').update(this.#short, 'latin1');
  }

  /** Hexadecimal. */
  digest(): string {
    return this.#long?.digest('hex') ?? sha256(Buffer.from(this.#short, 'latin1'));
  }
}
