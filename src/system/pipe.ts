import { constants } from 'node:fs';
import { cFunction } from './c-library.ts';
import { checked } from './system-error.ts';

const pipeCall = cFunction('int pipe2(_Out_ uint8_t *, int)');
const closeOnExec = 0x80000;

/** The two descriptors of a pipe, for the caller to close. */
export interface Pipe {
  readonly readEnd: number;
  readonly writeEnd: number;
}

/**
 * pipe2(2). What Node makes for a child is a socket, which cannot be opened again as `/dev/stdout`; this can.
 *
 * @param options `nonBlocking`: reads and writes fail with EAGAIN where they would wait
 */
export function openPipe({ nonBlocking = false }: { readonly nonBlocking?: boolean } = {}): Pipe {
  const ends = Buffer.alloc(8);
  checked(pipeCall(ends, closeOnExec | (nonBlocking ? constants.O_NONBLOCK : 0)), 'pipe2');
  return { readEnd: ends.readInt32LE(0), writeEnd: ends.readInt32LE(4) };
}
