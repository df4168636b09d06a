import { assert } from '../../../diagnostic/assert.ts';
import { toBytes } from '../../../spec/byte-string.ts';
import { addresses, executableFile, mostOperations, type FilePart } from './executable.ts';
import { operationLayout as layout } from './machine-code.ts';
import { syscallNumber, type Architecture, type SyscallName } from './syscall-numbers.ts';

/** A number, or the address of something, for a system call. */
export type Argument = number;

/** What happens after a system call; where nothing is said, what comes next. */
export interface CallOptions {
  /** What it is for, for the message if it fails: `mount /proc`. */
  readonly purpose?: string;
  /**
   * After an error: `fail` (the default) reports it and ends the process; `ignore` goes on; a function makes the calls
   * that are to be made instead.
   */
  readonly error?: 'fail' | 'ignore' | (() => void);
  /** Makes calls for the case that the result is 0, such as in the child after clone. */
  readonly zero?: () => void;
  /** Makes calls for the case that the result is above 0. */
  readonly positive?: () => void;
}

/** A system call that none of Kiln's own programs make; the probes of the sandbox do. */
export interface OtherCall {
  readonly name: string;
  readonly number: number;
}

/** A system call that failed. */
export interface CallFailure {
  readonly syscall: string;
  readonly purpose: string;
  /** Positive. */
  readonly errno: number;
}

interface Operation {
  readonly name: string;
  readonly number: number;
  readonly arguments: readonly Argument[];
  readonly purpose: string;
  /** Indexes of the next operations: [positive, zero, error]. */
  readonly next: [number, number, number];
}

/** A way out of an operation that leads to whatever comes next. */
interface OpenEnd {
  readonly operation: Operation;
  readonly way: 0 | 1 | 2;
}

/**
 * A program of nothing but system calls with constant arguments, run one after the other by a process of its own that has
 * no code for anything else. It is put together here, in the process that runs it: all that has to be decided before is
 * decided in TypeScript, and what depends on the result of a call is a branch.
 *
 * Descriptors are constants, too: the kernel gives the lowest that is free.
 */
export class Program {
  readonly #architecture: Architecture;
  readonly #operations: Operation[] = [];
  readonly #chunks: Uint8Array[] = [];
  readonly #texts = new Map<string, number>();
  #dataSize = 0;
  #open: OpenEnd[] = [];
  /** Two words, where the machine code says which operation failed, and how. */
  readonly failure: number;

  constructor(architecture: Architecture) {
    this.#architecture = architecture;
    this.failure = this.data(new Uint8Array(16));
    assert(this.failure === addresses.data, 'the failure is the first of the data');
  }

  /** The address of a copy of the bytes, aligned to 8. */
  data(bytes: Uint8Array): number {
    const address = addresses.data + this.#dataSize;
    this.#chunks.push(bytes);
    this.#dataSize += Math.ceil(bytes.length / 8) * 8;
    return address;
  }

  /** The address of a text that ends with a NUL. */
  text(text: string): number {
    const known = this.#texts.get(text);
    if (known !== undefined) return known;
    const address = this.data(toBytes(`${text}\0`));
    this.#texts.set(text, address);
    return address;
  }

  /** The address of a list of words (addresses, numbers). */
  words(values: readonly number[]): number {
    return this.data(wordBytes(values));
  }

  /** Adds a system call behind what was added last. */
  call(call: SyscallName | OtherCall, args: readonly Argument[], options: CallOptions = {}): void {
    const { name, number } =
      typeof call === 'string' ? { name: call, number: syscallNumber(call, this.#architecture) } : call;
    const { purpose = name, error = 'fail' } = options;
    const operation: Operation = { name, number, arguments: args, purpose, next: [-1, -1, -1] };
    const index = this.#operations.push(operation) - 1;
    for (const { operation: before, way } of this.#open) before.next[way] = index;
    const ends = [
      ...this.#branch({ operation, way: 0 }, options.positive),
      ...this.#branch({ operation, way: 1 }, options.zero),
      ...(error === 'fail' ? [] : this.#branch({ operation, way: 2 }, error === 'ignore' ? undefined : error)),
    ];
    this.#open = ends;
  }

  /** Makes calls that are repeated until one of them leads elsewhere. */
  repeat(make: () => void): void {
    const start = this.#operations.length;
    make();
    for (const { operation, way } of this.#open) operation.next[way] = start;
    this.#open = [];
  }

  /** Ends the process. */
  exit(code: number): void {
    this.call('exit_group', [code]);
    this.#open = [];
  }

  /** Ends the process with the report of the failure that led here. */
  fail(reportTo: number): void {
    this.call('write', [reportTo, this.failure, 16], { error: 'ignore' });
    this.exit(255);
  }

  /** What the words in {@link failure} mean. */
  describe(operationAddress: number, result: number): CallFailure {
    const operation = this.#operations[(operationAddress - addresses.operations) / layout.size];
    assert(operation !== undefined, 'a failure is that of an operation');
    return { syscall: operation.name, purpose: operation.purpose, errno: -result };
  }

  /** The executable. Whatever fails and has no branch for it, is reported to the descriptor. */
  file(reportTo: number): readonly FilePart[] {
    assert(this.#open.length === 0, 'a program ends with exit');
    const failureHandler = this.#operations.length;
    this.fail(reportTo);
    assert(this.#operations.length <= mostOperations, 'a program fits into its memory');
    const operations = new Uint32Array((this.#operations.length * layout.size) / 4);
    let at = 0;
    for (const operation of this.#operations) at = encode(operations, at, { operation, failureHandler });
    const data = new Uint8Array(this.#dataSize);
    let position = 0;
    for (const chunk of this.#chunks) {
      data.set(chunk, position);
      position += Math.ceil(chunk.length / 8) * 8;
    }
    return executableFile(this.#architecture, { operations: new Uint8Array(operations.buffer), data });
  }

  #branch(end: OpenEnd, make: (() => void) | undefined): OpenEnd[] {
    if (!make) return [end];
    this.#open = [end];
    make();
    return this.#open;
  }
}

/** Writes an operation, and says where the next one goes. Every step has some 200, so this is made of as little as can be. */
function encode(
  words: Uint32Array,
  at: number,
  { operation, failureHandler }: { readonly operation: Operation; readonly failureHandler: number },
): number {
  const { number, arguments: args, next } = operation;
  putWord(words, at + layout.number / 4, number);
  let place = at + layout.arguments / 4;
  for (const value of args) {
    putWord(words, place, value);
    place += 2;
  }
  place = at + layout.afterPositive / 4;
  for (const index of next) {
    words[place] = addresses.operations + (index === -1 ? failureHandler : index) * layout.size;
    place += 2;
  }
  return at + layout.size / 4;
}

/** A word of 8 bytes, as the processors that there are have it: the lower half first. */
function putWord(words: Uint32Array, at: number, value: number): void {
  words[at] = value;
  if (value < 0 || value >= 2 ** 32) words[at + 1] = Math.floor(value / 2 ** 32);
}

function wordBytes(values: readonly number[]): Uint8Array {
  const words = new Uint32Array(values.length * 2);
  let at = 0;
  for (const value of values) {
    putWord(words, at, value);
    at += 2;
  }
  return new Uint8Array(words.buffer);
}
