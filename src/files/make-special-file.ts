import { KilnError } from '../diagnostic/kiln-error.ts';
import { quote } from '../spec/quote.ts';
import { makeNode } from '../system/node.ts';
import { toText } from './binary-path.ts';

/** What a device or fifo is. */
export interface SpecialFile {
  /** With the bits of the type. */
  readonly mode: number;
  readonly major: number;
  readonly minor: number;
}

/**
 * Makes a device or a fifo.
 *
 * @throws KilnError `files/unsupported-name` if its name is not UTF-8.
 */
export function makeSpecialFile(hostPath: string, { mode, major, minor }: SpecialFile): void {
  const path = toText(hostPath);
  if (!path.isWellFormed()) {
    throw new KilnError(
      'files/unsupported-name',
      `cannot make the device or fifo ${quote(path)}: its name is not UTF-8`,
    );
  }
  makeNode(path, mode, major, minor);
}
