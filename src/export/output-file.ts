import { once } from 'node:events';
import { closeSync, openSync, realpathSync, renameSync, statSync } from 'node:fs';
import type { Writable } from 'node:stream';
import { writeAll } from '../content/write-all.ts';
import { isKilnError, KilnError } from '../diagnostic/kiln-error.ts';
import { PlainSink } from '../layer/plain-sink.ts';
import { TarWriter } from '../layer/tar-writer.ts';
import { systemCode, systemReason } from '../system/system-error.ts';
import { discardAside, makeAside, type Aside } from './aside.ts';
import { FileTarWriter } from './file-tar-writer.ts';

/** Where bytes go: the path of a file, or a stream such as standard output, which stays open. */
export type Destination = string | Writable;

/**
 * Writes a tar to a file, which is there when it is whole and not before, or to a stream. What there is at the path stays until
 * then; pipes and devices are written to as they are. It is not synchronized: it can be made again from the store.
 *
 * Throws KilnError `export/write-failed`, and what `fill` throws.
 */
export async function writeTarFile(
  destination: Destination,
  fill: (tar: TarWriter) => Promise<void>,
  signal?: AbortSignal,
): Promise<void> {
  if (typeof destination !== 'string') {
    const sink = new PlainSink((chunk) => writeToStream(destination, chunk).catch(rethrowExplained));
    await writeTar({ tar: new TarWriter(sink, signal), sink }, fill);
    return;
  }
  try {
    await writeFile(destination, fill, signal);
  } catch (cause) {
    throw explained(destination, cause);
  }
}

async function writeFile(
  destination: string,
  fill: (tar: TarWriter) => Promise<void>,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { path, isSpecial } = resolveDestination(destination);
  const file: Aside = isSpecial ? { path, fd: openSync(path, 'w') } : makeAside(path, 'file');
  try {
    const sink = new PlainSink((chunk) => writeAll(file.fd, chunk));
    const tar = isSpecial ? new TarWriter(sink, signal) : new FileTarWriter(sink, file.fd, signal);
    await writeTar({ tar, sink }, fill);
    signal?.throwIfAborted();
    if (!isSpecial) renameSync(file.path, path);
    closeSync(file.fd);
  } catch (cause) {
    if (isSpecial) closeSync(file.fd);
    else discardAside(file);
    throw cause;
  }
}

async function writeTar(
  { tar, sink }: { readonly tar: TarWriter; readonly sink: PlainSink },
  fill: (tar: TarWriter) => Promise<void>,
): Promise<void> {
  await fill(tar);
  await tar.finish();
  await sink.finish();
}

function resolveDestination(destination: string): { readonly path: string; readonly isSpecial: boolean } {
  const stat = statSync(destination, { throwIfNoEntry: false });
  if (!stat) return { path: destination, isSpecial: false };
  if (stat.isDirectory()) {
    throw new KilnError('export/is-directory', `destination file ${destination} is a directory`, {
      hint: 'name a file in it, or ask for a directory with tar=false',
    });
  }
  return { path: realpathSync(destination), isSpecial: !stat.isFile() };
}

/** Waits until the chunk is out, since it is used again. */
async function writeToStream(stream: Writable, chunk: Uint8Array): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<undefined>();
  stream.write(chunk, (error) => {
    if (error) reject(error);
    else resolve(undefined);
  });
  const gone = new AbortController();
  const closed = once(stream, 'close', { signal: gone.signal }).then(() => {
    throw new Error('the reader is gone');
  });
  closed.catch(() => undefined);
  try {
    await Promise.race([promise, closed]);
  } finally {
    gone.abort();
  }
}

function rethrowExplained(cause: unknown): never {
  throw explained('standard output', cause);
}

const room = 'make room on its disk, or name another place';
const hints: Readonly<Record<string, string>> = { ENOSPC: room, EDQUOT: room, EPIPE: 'whoever reads it has gone' };

/** Errors of the file become messages; those of a build stay what they are. */
export function explained(destination: string, cause: unknown): unknown {
  if (!(cause instanceof Error) || isKilnError(cause) || !('syscall' in cause)) return cause;
  const hint = hints[systemCode(cause)];
  return new KilnError('export/write-failed', `cannot write ${destination}: ${systemReason(cause)}`, { cause, hint });
}
