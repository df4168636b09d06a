import { closeSync, openSync, unlinkSync, writeSync } from 'node:fs';
import { pid } from 'node:process';
import { closeDescriptor } from '../../system/descriptor.ts';
import { openMemoryFile } from '../../system/memory-file.ts';
import type { FilePart } from './program/executable.ts';

/** A program that can be executed until it is disposed of. */
export interface ProgramFile extends Disposable {
  readonly fd: number;
  /** As the children of this process see it. */
  readonly path: string;
}

/** In memory. */
export function programInMemory(parts: readonly FilePart[]): ProgramFile {
  const fd = openMemoryFile('kiln-step');
  writeParts(fd, parts);
  return {
    ...{ fd, path: `/proc/self/fd/${fd}` },
    [Symbol.dispose]: () => {
      closeDescriptor(fd);
    },
  };
}

/** In a directory, which should be in memory as well: there may be secrets in a program. */
export function programInDirectory(directory: string, parts: readonly FilePart[]): ProgramFile {
  const path = `${directory}/program-${pid}-${++count}`;
  const written = openSync(path, 'wx', 0o700);
  writeParts(written, parts);
  // What is open for writing is not executed.
  closeSync(written);
  const fd = openSync(path, 'r');
  return {
    ...{ fd, path },
    [Symbol.dispose]: () => {
      closeSync(fd);
      unlinkSync(path);
    },
  };
}

let count = 0;

function writeParts(fd: number, parts: readonly FilePart[]): void {
  for (const { position, bytes } of parts) {
    for (let done = 0; done < bytes.length;) {
      done += writeSync(fd, bytes, done, bytes.length - done, position + done);
    }
  }
}
