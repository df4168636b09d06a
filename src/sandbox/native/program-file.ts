import { chmodSync, closeSync, openSync, unlinkSync, writeSync } from 'node:fs';
import { pid } from 'node:process';
import { closeDescriptor } from '../../system/descriptor.ts';
import { openMemoryFile } from '../../system/memory-file.ts';
import type { FilePart } from './program/executable.ts';

/** A program where it can be executed. */
export interface ProgramFile extends Disposable {
  readonly path: string;
}

/** In memory, under a path that the child that executes it has. */
export function programInMemory(parts: readonly FilePart[]): ProgramFile {
  const fd = openMemoryFile('kiln-step');
  writeParts(fd, parts);
  return {
    path: `/proc/self/fd/${fd}`,
    [Symbol.dispose]: () => {
      closeDescriptor(fd);
    },
  };
}

/** In a directory, for machines that do not execute what is in memory. Not for programs with secrets in them. */
export function programInDirectory(directory: string, parts: readonly FilePart[]): ProgramFile {
  const path = `${directory}/step-${pid}-${++count}`;
  const fd = openSync(path, 'wx', 0o700);
  try {
    writeParts(fd, parts);
    chmodSync(path, 0o700);
  } finally {
    closeSync(fd);
  }
  return {
    path,
    [Symbol.dispose]: () => {
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
