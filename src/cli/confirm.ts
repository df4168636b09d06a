import { readSync } from 'node:fs';
import type { Terminal } from './terminal.ts';

/** Asks a question that is answered with yes or no, in a line on standard input. No answer is no. */
export function confirm(question: string, { err }: Terminal): boolean {
  err(`${question} [y/N] `);
  return /^y(?:es)?$/i.test(readLine().trim());
}

/** Byte for byte: what comes after it is for others. */
function readLine(): string {
  const line: number[] = [];
  const byte = Buffer.alloc(1);
  for (;;) {
    try {
      if (readSync(0, byte) === 0 || byte[0] === 10 || line.length > 1000) return Buffer.from(line).toString();
      line.push(byte[0] ?? 0);
    } catch (error) {
      // Somebody else may have said that reading is not to wait.
      const mayPass = error instanceof Error && 'code' in error && error.code === 'EAGAIN';
      if (!mayPass) return '';
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
    }
  }
}
