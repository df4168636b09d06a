import { closeSync } from 'node:fs';
import { KilnError } from '../diagnostic/kiln-error.ts';
import type { OpenableContent } from '../spec/tar/layer-entry.ts';
import { ReadBatch } from '../system/read-batch.ts';
import { readInto } from '../system/read-into.ts';

/** What a content is that of. */
export interface ContentPlace {
  /** In the layer. */
  readonly path: string;
  /** Bytes. */
  readonly size: number;
}

/** A file whose content is to fill a part of a block. */
export interface PendingFile extends ContentPlace {
  readonly content: OpenableContent;
  readonly block: Uint8Array;
  /** Where the part begins. */
  readonly at: number;
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
    if (this.#batch?.add(file.content.path, file, file.content.summary !== undefined) !== true) return false;
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
    if (file && !(batch.isFilled(index) && isSame(file, batch, index))) readNow(file);
  }
  batch.clear();
  spare.push(batch);
}

function isSame({ content: { summary } }: PendingFile, batch: ReadBatch, index: number): boolean {
  return summary === undefined || batch.summary(index) === summary;
}

/** Reads a file again, alone: what is wrong with it shows then. */
function readNow({ path, content, block, at, size }: PendingFile): void {
  const fd = content.open();
  try {
    // What it is by now may be nothing that can be read.
    content.verify(fd);
    const length = readInto(fd, block.subarray(at, at + size));
    content.verify(fd);
    if (length < size) throw becameShorter(path);
  } finally {
    closeSync(fd);
  }
}

/** A file has less than it is to have. */
export function becameShorter(path: string): KilnError {
  return new KilnError('layer/file-changed', `${path} became shorter while it was being read`);
}
