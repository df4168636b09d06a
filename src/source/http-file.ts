import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { createGunzip } from 'node:zlib';
import { KilnError } from '../diagnostic/kiln-error.ts';
import type { HttpResponse } from '../registry/http-client.ts';
import { NetworkError, redactUrl } from '../registry/network-error.ts';

export interface SaveOptions {
  /** Of the file; its directory is made. */
  readonly path: string;
  /** s since 1970. */
  readonly lastModified: number | undefined;
  /** Bytes. */
  readonly maxSize: number;
  readonly signal: AbortSignal | undefined;
  readonly onProgress: ((received: number, total: number | undefined) => void) | undefined;
}

export interface SavedBody {
  readonly digest: string;
  /** Bytes. */
  readonly size: number;
}

/** Writes the body of an answer to a new file, mode 0600. Throws KilnError `source/too-large`, or a `NetworkError`. */
export async function saveBody(response: HttpResponse, options: SaveOptions): Promise<SavedBody> {
  const { path, lastModified = 0, maxSize, signal, onProgress } = options;
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  await using file = await open(path, 'wx', 0o600);
  const hash = createHash('sha256');
  let size = 0;
  for await (const chunk of content(response, signal)) {
    size += chunk.length;
    if (size > maxSize) throw tooLarge(response, maxSize);
    hash.update(chunk);
    await file.writeFile(chunk);
    onProgress?.(size, totalOf(response));
  }
  // The umask may have taken something away.
  await file.chmod(0o600);
  await file.utimes(lastModified, lastModified);
  await file.sync();
  return { digest: `sha256:${hash.digest('hex')}`, size };
}

async function* content(response: HttpResponse, signal: AbortSignal | undefined): AsyncGenerator<Uint8Array> {
  const { body, headers, url } = response;
  const isPacked = headers['content-encoding'] === 'gzip';
  const unpacked = isPacked ? createGunzip() : undefined;
  if (unpacked) {
    body.on('error', (error) => unpacked.destroy(error));
    body.pipe(unpacked);
  }
  try {
    yield* (unpacked ?? body) as AsyncIterable<Uint8Array>;
  } catch (error) {
    signal?.throwIfAborted();
    throw NetworkError.from(url, error);
  } finally {
    body.destroy();
  }
}

function totalOf({ headers }: HttpResponse): number | undefined {
  const isWhole = headers['content-encoding'] === undefined && headers['content-length'] !== undefined;
  return isWhole ? Number(headers['content-length']) : undefined;
}

function tooLarge({ url }: HttpResponse, maxSize: number): KilnError {
  return new KilnError('source/too-large', `${redactUrl(url)} is larger than ${maxSize} bytes`);
}
