import { fstatSync } from 'node:fs';
import { readStream } from '../engine/index.ts';
import type { Terminal } from './terminal.ts';

/** Standard input as a stream, which ends with an error when the signal aborts. */
export function standardInputStream(signal: AbortSignal): AsyncIterable<Uint8Array> {
  const stream = process.stdin;
  const stop = () => {
    stream.destroy(signal.reason instanceof Error ? signal.reason : undefined);
  };
  signal.addEventListener('abort', stop, { once: true });
  return stream;
}

/**
 * All of standard input. Where somebody may take their time to write, signals are heeded meanwhile.
 *
 * Throws KilnError `cli/stdin-unreadable`, `engine/input-too-large`.
 */
export async function standardInputBytes({ stdin }: Terminal, signal: AbortSignal): Promise<Uint8Array> {
  return isWrittenMeanwhile() ? readStream(standardInputStream(signal), 'standard input') : stdin();
}

function isWrittenMeanwhile(): boolean {
  try {
    const stat = fstatSync(0);
    return stat.isFIFO() || stat.isSocket() || stat.isCharacterDevice();
  } catch {
    return false; // closed
  }
}
