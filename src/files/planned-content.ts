import { fstatSync, openSync } from 'node:fs';
import type { OpenableContent } from '../spec/tar/layer-entry.ts';
import { hasHoles } from '../system/data-extents.ts';
import { fileSummary } from '../system/file-summary.ts';
import { isSystemError } from '../system/system-error.ts';
import { fsPath } from './binary-path.ts';
import type { Entry } from './entry.ts';
import { changedError } from './file-error.ts';
import { isOwnOutput } from './own-output.ts';
import { readFlags } from './read-flags.ts';
import type { TreeReader } from './tree-reader.ts';

/** The content of a file that is read later. A user may have changed a context by then. */
export class PlannedContent implements OpenableContent {
  readonly kind = 'file';
  readonly isSparse: boolean;
  readonly #reader: TreeReader;
  /** In the tree. */
  readonly #place: string;
  /** Undefined where nobody changes it. */
  readonly summary: number | undefined;

  constructor(reader: TreeReader, { path, stat }: Entry) {
    this.isSparse = hasHoles(stat);
    this.#reader = reader;
    this.#place = path;
    this.summary = reader.tree.kind === 'context' ? fileSummary(stat) : undefined;
  }

  get path(): string | Buffer {
    return fsPath(this.#reader.hostPath(this.#place));
  }

  /** Waits for no pipe and follows no link, which it may be by now. Throws KilnError `files/changed`. */
  open(): number {
    try {
      return openSync(this.path, readFlags);
    } catch (error) {
      if (isSystemError(error, 'ENOENT', 'ENOTDIR')) throw changedError(this.#place, 'was removed');
      if (isSystemError(error, 'ELOOP', 'ENXIO')) throw changedError(this.#place);
      throw error;
    }
  }

  /** Throws KilnError `files/changed`. */
  verify(fd: number): void {
    if (this.summary === undefined) return;
    const read = fstatSync(fd, { bigint: true });
    if (fileSummary(read) !== this.summary && !isOwnOutput(read)) throw changedError(this.#place);
  }
}
