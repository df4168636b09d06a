import { chmodSync } from 'node:fs';
import { applyFileMode, parseFileMode, type FileMode } from '../dockerfile/values/file-mode.ts';
import { KilnError } from '../diagnostic/kiln-error.ts';
import { fromBytes } from '../spec/byte-string.ts';
import { ValueError } from '../spec/value-error.ts';
import { setOwner } from '../system/file-owner.ts';
import { setTimes } from '../system/times.ts';
import { fsPath, toText } from './binary-path.ts';
import type { OwnerIds } from './owner.ts';

/** Gives a file to somebody, not following links. */
export type OwnerSetter = (hostPath: string | Buffer, uid: number, gid: number) => void;

export const changeOwner: OwnerSetter = (hostPath, uid, gid) => {
  setOwner(typeof hostPath === 'string' ? hostPath : fromBytes(hostPath), uid, gid);
};

/** What a copy asks for. */
export interface WantedAttributes {
  /** Undefined: as in the source. */
  readonly owner: OwnerIds | undefined;
  /** Undefined: as in the source. */
  readonly mode: FileMode | undefined;
  /** Time of directories that are made on the way, in ns since 1970; undefined: now. */
  readonly timeNs: bigint | undefined;
}

/** The mode of `--chmod`; undefined if it is empty. Throws KilnError `files/bad-mode`. */
export function readMode(text: string): FileMode | undefined {
  if (text === '') return undefined;
  try {
    return parseFileMode(text);
  } catch (error) {
    if (error instanceof ValueError) throw new KilnError('files/bad-mode', error.message, { cause: error });
    throw error;
  }
}

/** The bits of a file that had these before. */
export function wantedMode(wanted: FileMode | undefined, bits: number, isDirectory: boolean): number {
  return wanted ? applyFileMode(wanted, bits, isDirectory) : bits;
}

/** Sets the bits of the permissions, also those that a change of the owner takes away. */
export function setMode(hostPath: string, bits: number): void {
  chmodSync(fsPath(hostPath), bits);
}

/** Sets the time of a file, of a link its own. */
export function setTime(hostPath: string, timeNs: bigint): void {
  setTimes(toText(hostPath), timeNs);
}
