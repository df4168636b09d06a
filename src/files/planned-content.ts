import { constants, fstatSync, openSync } from 'node:fs';
import type { OpenableContent } from '../spec/tar/layer-entry.ts';
import { hasHoles } from '../system/data-extents.ts';
import { isSystemError } from '../system/system-error.ts';
import { fsPath } from './binary-path.ts';
import type { Entry } from './entry.ts';
import { changedError } from './file-error.ts';
import { isOwnOutput } from './own-output.ts';
import { fileSummary } from './seen-files.ts';
import type { TreeReader } from './tree-reader.ts';

const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants;

/** The content of a file that is read later. A user may have changed a context by then. */
export class PlannedContent implements OpenableContent {
  readonly kind = 'file';
  readonly isSparse: boolean;
  readonly #path: string;
  /** Of the host, binary. */
  readonly #host: string;
  /** What the file was like; undefined where nobody changes it. */
  readonly #summary: number | undefined;

  constructor(reader: TreeReader, { path, stat }: Entry) {
    this.isSparse = hasHoles(stat);
    this.#path = path;
    this.#host = reader.hostPath(path);
    this.#summary = reader.tree.kind === 'context' ? fileSummary(stat) : undefined;
  }

  /** Waits for no pipe and follows no link, which it may be by now. Throws KilnError `files/changed`. */
  open(): number {
    try {
      return openSync(fsPath(this.#host), O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    } catch (error) {
      if (isSystemError(error, 'ENOENT', 'ENOTDIR')) throw changedError(this.#path, 'was removed');
      if (isSystemError(error, 'ELOOP', 'ENXIO')) throw changedError(this.#path);
      throw error;
    }
  }

  /** Throws KilnError `files/changed`. */
  verify(fd: number): void {
    if (this.#summary === undefined) return;
    const stat = fstatSync(fd, { bigint: true });
    if (fileSummary(stat) !== this.#summary && !isOwnOutput(stat)) throw changedError(this.#path);
  }
}
