import { fstatSync, writeSync } from 'node:fs';
import { isKilnError, KilnError } from '../diagnostic/kiln-error.ts';
import { readDescriptor, reasonOf } from '../engine/index.ts';

/** What a command needs of the process it runs in. */
export interface Terminal {
  /** Writes to standard output. */
  readonly out: (output: string | Uint8Array) => void;
  /** Writes to standard error. */
  readonly err: (output: string | Uint8Array) => void;
  /** All of standard input. */
  readonly stdin: () => Uint8Array;
  /** Whether standard output and standard error understand colours. */
  readonly outColor: boolean;
  readonly errColor: boolean;
  /** Whether standard output is a terminal. */
  readonly isOutTerminal: () => boolean;
  /** The size of the terminal that standard error is; undefined if it is none, or one whose cursor cannot be moved. */
  readonly errWindow: () => TerminalSize | undefined;
}

/** Of a terminal, in characters. */
export interface TerminalSize {
  readonly columns: number;
  readonly rows: number;
}

/** The terminal of this process. `NO_COLOR` and `FORCE_COLOR` are heeded. */
export function processTerminal(): Terminal {
  const { env } = process;
  const hasColor = (descriptor: 1 | 2) => {
    if (env['NO_COLOR']) return false;
    return env['FORCE_COLOR'] ? env['FORCE_COLOR'] !== '0' : env['TERM'] !== 'dumb' && isTerminal(descriptor);
  };
  return {
    out: (output) => {
      writeAll(1, output);
    },
    err: (output) => {
      writeAll(2, output);
    },
    stdin: readStandardInput,
    outColor: hasColor(1),
    errColor: hasColor(2),
    isOutTerminal: () => isTerminal(1),
    errWindow: () => (env['TERM'] !== 'dumb' && isTerminal(2) ? windowSize() : undefined),
  };
}

/** Some terminals know no size, and say that it is 0. */
function windowSize(): TerminalSize {
  const [columns, rows] = process.stderr.getWindowSize();
  return columns > 0 && rows > 0 ? { columns, rows } : { columns: 80, rows: 10 };
}

function readStandardInput(): Uint8Array {
  try {
    return readDescriptor(0, 'standard input');
  } catch (cause) {
    if (isKilnError(cause)) throw cause;
    throw new KilnError('cli/stdin-unreadable', `cannot read standard input: ${reasonOf(cause)}`, { cause });
  }
}

/** Where output cannot be written, there may still be somebody to tell. */
function giveUp(descriptor: number, error: unknown): never {
  const message = `error: cannot write the output: ${reasonOf(error)}\n`;
  try {
    if (descriptor !== 2) writeSync(2, message);
  } finally {
    process.exit(2);
  }
}

/** The major number of /dev/null and its like. */
const memoryDevices = 1;

/** Node's own streams and `tty` load the network code, so they are asked only about what may be a terminal. */
function isTerminal(descriptor: 1 | 2): boolean {
  try {
    const stat = fstatSync(descriptor);
    if (!stat.isCharacterDevice() || stat.rdev >> 8 === memoryDevices) return false;
  } catch {
    return false; // closed
  }
  return (descriptor === 1 ? process.stdout : process.stderr).isTTY;
}

/** Synchronously, so that nothing is lost when the process exits, even if the reader of a pipe is slow. */
export function writeAll(descriptor: number, output: string | Uint8Array): void {
  const bytes = typeof output === 'string' ? Buffer.from(output) : output;
  for (let at = 0; at < bytes.length;) {
    try {
      at += writeSync(descriptor, bytes, at);
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : undefined;
      if (code === 'EPIPE') process.exit(141); // as the shell reports SIGPIPE
      if (code !== 'EAGAIN') giveUp(descriptor, error);
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }
}
