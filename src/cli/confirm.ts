import { fstatSync, readSync } from 'node:fs';
import type { Terminal } from './terminal.ts';

/**
 * Asks a question that is answered with yes or no, if there is somebody at a terminal to ask; if there is nobody, the answer is
 * yes.
 */
export function confirm(question: string, { err }: Terminal): boolean {
  if (!isTerminalInput()) return true;
  err(`${question} [y/N] `);
  const answer = Buffer.alloc(256);
  return /^y(?:es)?$/i.test(answer.toString('utf8', 0, readSync(0, answer)).trim());
}

function isTerminalInput(): boolean {
  try {
    // Only then is Node's own stream asked, which loads the network code.
    return fstatSync(0).isCharacterDevice() && process.stdin.isTTY;
  } catch {
    return false; // closed
  }
}
