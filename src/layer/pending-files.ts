import { closeSync } from 'node:fs';
import { KilnError } from '../diagnostic/kiln-error.ts';
import type { OpenableContent } from '../spec/tar/layer-entry.ts';
import type { FileStat } from '../system/file-stat.ts';
import { ReadBatch } from '../system/read-batch.ts';
import { readInto } from '../system/read-into.ts';

/** A file whose content is to fill some bytes. */
export interface PendingFile {
  /** In the layer. */
  readonly path: string;
  readonly content: OpenableContent;
  readonly target: Uint8Array;
}

/** Batches that are not used now. */
const spare: ReadBatch[] = [];

/** Short files that are read by other threads, some hundreds at a time, while this one goes on with what is between them. */
export class PendingFiles {
  readonly #started: Promise<void>[] = [];
  #batch: ReadBatch | undefined;
  #files: PendingFile[] = [];

  /** Has a file read to where it belongs. False if it has to be read at once. */
  add(file: PendingFile): boolean {
    if (this.#tryToAdd(file)) return true;
    this.#start();
    return this.#tryToAdd(file);
  }

  /** Done when all of them are read. Throws KilnError `layer/file-changed`, and what the contents throw. */
  async finish(): Promise<void> {
    this.#start();
    await Promise.all(this.#started);
  }

  #tryToAdd(file: PendingFile): boolean {
    this.#batch ??= spare.pop() ?? ReadBatch.make();
    if (this.#batch?.add(file.content.path, file.target, file.content.isSame !== undefined) !== true) return false;
    this.#files.push(file);
    return true;
  }

  #start(): void {
    const [batch, files] = [this.#batch, this.#files];
    if (!batch || files.length === 0) return;
    this.#batch = undefined;
    this.#files = [];
    const done = readAll(batch, files);
    // Who waits for all of them takes the error.
    done.catch(() => undefined);
    this.#started.push(done);
  }
}

async function readAll(batch: ReadBatch, files: readonly PendingFile[]): Promise<void> {
  await batch.run();
  for (let index = 0; index < files.length; index++) {
    const file = files[index];
    if (file && (!batch.isFilled(index) || !isSame(file, batch.stat(index)))) readNow(file);
  }
  batch.clear();
  spare.push(batch);
}

function isSame({ content }: PendingFile, read: FileStat | undefined): boolean {
  return content.isSame === undefined || (read !== undefined && content.isSame(read));
}

/** Reads a file again, alone: what is wrong with it shows then. */
function readNow({ path, content, target }: PendingFile): void {
  const fd = content.open();
  try {
    // What it is by now may be nothing that can be read.
    content.verify(fd);
    const length = readInto(fd, target);
    content.verify(fd);
    if (length < target.length) throw becameShorter(path);
  } finally {
    closeSync(fd);
  }
}

/** A file has less than it is to have. */
export function becameShorter(path: string): KilnError {
  return new KilnError('layer/file-changed', `${path} became shorter while it was being read`);
}
