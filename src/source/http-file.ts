import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { createGunzip } from 'node:zlib';
import { KilnError } from '../diagnostic/kiln-error.ts';
import type { HttpResponse } from '../registry/http-client.ts';
import { NetworkError, redactUrl } from '../registry/network-error.ts';
import { defaultUnpackLimits, UnpackMeter, type UnpackLimits } from '../system/unpack-limits.ts';

export interface SaveOptions {
  /** Of what comes. The default ones if absent. */
  readonly limits: UnpackLimits | undefined;
  readonly signal: AbortSignal | undefined;
  readonly onProgress: ((received: number, total: number | undefined) => void) | undefined;
}

/** A file that a download is written to, bit by bit if the connection breaks. Mode 0600. */
export class PartialFile implements AsyncDisposable {
  readonly #file: FileHandle;
  #hash = createHash('sha256');
  #size = 0;

  private constructor(file: FileHandle) {
    this.#file = file;
  }

  /** A new file; its directory is made. */
  static async create(path: string): Promise<PartialFile> {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    return new PartialFile(await open(path, 'wx', 0o600));
  }

  /** Bytes so far. */
  get size(): number {
    return this.#size;
  }

  /** Takes back all that was written. */
  async restart(): Promise<void> {
    await this.#file.truncate(0);
    this.#hash = createHash('sha256');
    this.#size = 0;
  }

  /** Adds the body of an answer. Throws KilnError `source/too-large`, `system/unpack-limit`, or a `NetworkError`. */
  async append(
    response: HttpResponse,
    { limits = defaultUnpackLimits, signal, onProgress }: SaveOptions,
  ): Promise<void> {
    const before = this.#size;
    for await (const chunk of content(response, new UnpackMeter(limits), signal)) {
      if (this.#size + chunk.length > limits.bytes) throw tooLarge(response, limits.bytes);
      this.#hash.update(chunk);
      for (let at = 0; at < chunk.length;) {
        at += (await this.#file.write(chunk, at, chunk.length - at, this.#size + at)).bytesWritten;
      }
      this.#size += chunk.length;
      const rest = lengthOf(response);
      onProgress?.(this.#size, rest === undefined ? undefined : before + rest);
    }
  }

  /** Says that it is complete; `lastModified` in s since 1970. Gives the digest of the content. */
  async finish(lastModified = 0): Promise<string> {
    // The umask may have taken something away.
    await this.#file.chmod(0o600);
    await this.#file.utimes(lastModified, lastModified);
    await this.#file.sync();
    return `sha256:${this.#hash.digest('hex')}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file.close();
  }
}

async function* content(
  response: HttpResponse,
  meter: UnpackMeter,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array> {
  const { body, headers, url } = response;
  try {
    if (headers['content-encoding'] !== 'gzip') {
      yield* body as AsyncIterable<Uint8Array>;
      return;
    }
    const unpacked = createGunzip();
    body.on('error', (error) => unpacked.destroy(error));
    body.on('data', (chunk: Uint8Array) => {
      meter.addPacked(chunk.length);
    });
    body.pipe(unpacked);
    yield* meter.unpacked(unpacked as AsyncIterable<Uint8Array>);
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof KilnError) throw error;
    throw NetworkError.from(url, error);
  } finally {
    body.destroy();
  }
}

function lengthOf({ headers }: HttpResponse): number | undefined {
  const isWhole = headers['content-encoding'] === undefined && headers['content-length'] !== undefined;
  return isWhole ? Number(headers['content-length']) : undefined;
}

function tooLarge({ url }: HttpResponse, most: number): KilnError {
  return new KilnError('source/too-large', `${redactUrl(url)} is larger than ${most} bytes`, {
    hint: 'if it is meant to be, set KILN_UNPACK_BYTES to a higher limit, or to 0 for none',
  });
}
