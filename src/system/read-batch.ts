import { constants } from 'node:fs';
import { addressOf } from './address.ts';
import { CallBatch } from './call-batch.ts';
import { callLoop } from './call-loop.ts';
import { answerSize } from './call-for-each.ts';
import { readStatx, statxMask, type FileStat } from './file-stat.ts';

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

interface AddedFile {
  readonly length: number;
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
   * Adds a file that fills the target, which must stay until it is read. False if there is no room.
   *
   * @param withStat whether {@link stat} is to be asked
   */
  add(path: string | Uint8Array, target: Uint8Array, withStat: boolean): boolean {
    const calls = this.#calls;
    if (this.#files.length === mostFiles || !calls.hasRoom(callsOfFile, path)) return false;
    const opened = calls.add('openat', workingDirectory, [calls.path(path), flags]);
    const read = calls.addTo(opened, 'read', [addressOf(target), target.length]);
    const room = this.#statsAddress + this.#files.length * answerSize;
    const stat = withStat ? calls.addTo(opened, 'statx', [this.#itself, emptyPath, statxMask, room]) : undefined;
    calls.addTo(opened, 'close', []);
    this.#files.push({ length: target.length, read, stat });
    return true;
  }

  /** Reads the files that were added, on another thread. */
  run(): Promise<void> {
    return this.#calls.runAside();
  }

  /** Whether the target of a file, by its number, was filled. */
  isFilled(index: number): boolean {
    const file = this.#files[index];
    return file !== undefined && this.#calls.result(file.read) === file.length;
  }

  /** What the kernel said of a file, by its number, after its target was filled; undefined if it did not. */
  stat(index: number): FileStat | undefined {
    const call = this.#files[index]?.stat;
    return call !== undefined && this.#calls.result(call) === 0
      ? readStatx(this.#stats, index * answerSize)
      : undefined;
  }

  /** Forgets the files. */
  clear(): void {
    this.#files.length = 0;
    this.#calls.clear();
    this.#itself = this.#calls.path('');
  }
}
