import { makeFileNode } from '../system/file-owner.ts';
import { toText } from './binary-path.ts';

/** What a device or fifo is. */
export interface SpecialFile {
  /** With the bits of the type. */
  readonly mode: number;
  readonly major: number;
  readonly minor: number;
}

/** Makes a device or a fifo. */
export function makeSpecialFile(hostPath: string, { mode, major, minor }: SpecialFile): void {
  makeFileNode(toText(hostPath), mode, major, minor);
}
