import { fstatSync, readSync } from 'node:fs';
import { isatty } from 'node:tty';
import type { Terminal } from './terminal.ts';

/**
 * Asks a question that is answered with yes or no, if there is somebody at a terminal to ask; if there is nobody, the answer is
 * yes.
 */
export function confirm(question: string, { err }: Terminal): boolean {
  if (!isTerminalInput()) return true;
  err(`${question} [y/N] `);
  return /^y(?:es)?$/i.test(readLine().trim());
}

/** Of standard input, as a terminal gives it: a line at a time. */
function readLine(): string {
  const bytes = Buffer.alloc(1 << 10);
  for (;;) {
    try {
      return bytes.toString('utf8', 0, readSync(0, bytes));
    } catch (error) {
      // Somebody else may have said that reading is not to wait.
      const mayPass = error instanceof Error && 'code' in error && error.code === 'EAGAIN';
      if (!mayPass) return '';
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
    }
  }
}

function isTerminalInput(): boolean {
  try {
    return fstatSync(0).isCharacterDevice() && isatty(0);
  } catch {
    return false; // closed
  }
}
