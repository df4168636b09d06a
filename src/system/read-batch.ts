import { constants } from 'node:fs';
import { addressOf } from './address.ts';
import { CallBatch } from './call-batch.ts';
import { callLoop } from './call-loop.ts';
import { answerSize } from './call-for-each.ts';
import { statxSummary } from './file-summary.ts';
import { statxMask } from './kernel-stat.ts';

const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants;
/** O_CLOEXEC, for which Node has no name. */
const closeOnExec = 0o2000000;
const flags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | closeOnExec;
/** AT_FDCWD and AT_EMPTY_PATH. */
const workingDirectory = -100;
const emptyPath = 0x1000;

const mostFiles = 512;
const callsOfFile = 4;
const pathBytes = 1 << 16;

/** What is to be filled with the content of a file. */
export interface ReadTarget {
  readonly block: Uint8Array;
  /** Where the content begins in the block, and how long it is, in bytes. */
  readonly at: number;
  readonly size: number;
}

interface AddedFile {
  readonly size: number;
  /** The numbers of the calls. */
  readonly read: number;
  /** Undefined if it is not looked at. */
  readonly stat: number | undefined;
}

/**
 * Files that are opened, read to some place, looked at and closed on another thread, one after the other. Links are not followed,
 * pipes not waited for. It can be filled again when it has run.
 */
export class ReadBatch {
  readonly #calls: CallBatch;
  readonly #stats = new DataView(new ArrayBuffer(mostFiles * answerSize));
  readonly #statsAddress: number;
  readonly #files: AddedFile[] = [];
  /** Its path is empty. */
  #itself = 0;

  private constructor(calls: CallBatch) {
    this.#calls = calls;
    this.#statsAddress = addressOf(this.#stats);
    this.clear();
  }

  /** Undefined where files have to be read one by one. */
  static make(): ReadBatch | undefined {
    const { loop } = callLoop();
    return loop && new ReadBatch(new CallBatch(loop, { calls: mostFiles * callsOfFile, pathBytes }));
  }

  /**
   * Adds a file that fills the target, whose block must stay until it is read. False if there is no room.
   *
   * @param withSummary whether {@link summary} is to be asked
   */
  add(path: string | Uint8Array, { block, at, size }: ReadTarget, withSummary: boolean): boolean {
    const calls = this.#calls;
    if (this.#files.length === mostFiles || !calls.hasRoom(callsOfFile, path)) return false;
    const opened = calls.add('openat', workingDirectory, [calls.path(path), flags]);
    const read = calls.addTo(opened, 'read', [addressOf(block) + at, size]);
    const room = this.#statsAddress + this.#files.length * answerSize;
    const stat = withSummary ? calls.addTo(opened, 'statx', [this.#itself, emptyPath, statxMask, room]) : undefined;
    calls.addTo(opened, 'close', []);
    this.#files.push({ size, read, stat });
    return true;
  }

  /** Reads the files that were added, on another thread. */
  run(): Promise<void> {
    return this.#calls.runAside();
  }

  /** Whether the target of a file, by its number, was filled. */
  isFilled(index: number): boolean {
    const file = this.#files[index];
    return file !== undefined && this.#calls.result(file.read) === file.size;
  }

  /** The `fileSummary` of a file, by its number, after its target was filled; undefined if the kernel told nothing of it. */
  summary(index: number): number | undefined {
    const call = this.#files[index]?.stat;
    return call !== undefined && this.#calls.result(call) === 0
      ? statxSummary(this.#stats, index * answerSize)
      : undefined;
  }

  /** Forgets the files. */
  clear(): void {
    this.#files.length = 0;
    this.#calls.clear();
    this.#itself = this.#calls.path('');
  }
}
