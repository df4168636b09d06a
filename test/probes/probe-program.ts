import { Program, type CallOptions } from '../../src/sandbox/native/program/program.ts';
import type { FilePart } from '../../src/sandbox/native/program/executable.ts';
import {
  syscallNumber,
  type Architecture,
  type SyscallName,
} from '../../src/sandbox/native/program/syscall-numbers.ts';
import { hasNumber, probeCallNumber, type ProbeCallName } from './probe-calls.ts';

const output = 1;
const currentFolder = -100;

/** An executable that makes the calls of a probe and writes two words: both 0, or the address and the result of a failure. */
export class ProbeProgram {
  readonly architecture: Architecture;
  readonly #program: Program;

  constructor(architecture: Architecture) {
    this.architecture = architecture;
    this.#program = new Program(architecture);
  }

  /** The address of a text that ends with a NUL. */
  text(text: string): number {
    return this.#program.text(text);
  }

  /** The address of words of 8 bytes. */
  words(...values: readonly number[]): number {
    return this.#program.words(values);
  }

  data(bytes: Uint8Array): number {
    return this.#program.data(bytes);
  }

  /** Makes a call. Its failure is the verdict, unless it is said. */
  call(name: SyscallName | ProbeCallName, args: readonly number[], options: CallOptions = {}): void {
    const number = hasNumber(name) ? probeCallNumber(name, this.architecture) : syscallNumber(name, this.architecture);
    this.#program.call({ name, number }, args, options);
  }

  /** Makes a call by a number of its own. */
  callNumber(number: number, args: readonly number[]): void {
    this.#program.call({ name: String(number), number }, args);
  }

  /** Opens a file; descriptors are 3, 4, ... */
  open(path: string, flags = 0): void {
    this.call('openat', [currentFolder, this.text(path), flags, 0]);
  }

  /** Says that everything was allowed, and ends. */
  allow(): void {
    this.call('write', [output, this.words(0, 0), 16]);
    this.exit();
  }

  exit(): void {
    this.#program.exit(0);
  }

  file(): readonly FilePart[] {
    return this.#program.file(output);
  }
}
