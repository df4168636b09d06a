import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { jsonTable } from '../content/key-value-table.ts';
import type { KeyValueTable } from '../content/key-value-table.ts';
import { KilnError } from '../diagnostic/kiln-error.ts';
import type { HttpOp } from '../graph/source-op.ts';
import type { HttpClient, HttpResponse } from '../registry/http-client.ts';
import { NetworkError, redactUrl } from '../registry/network-error.ts';
import type { UnpackLimits } from '../system/unpack-limits.ts';
import { parseHttpDate } from './http-date.ts';
import { downloadTo, wrongStatus } from './http-download.ts';
import { PartialFile } from './http-file.ts';
import { httpFileName, safeFileName } from './http-name.ts';
import type { SourceStore } from './source-store.ts';

export interface HttpSourceOptions {
  readonly client: HttpClient;
  readonly store: SourceStore;
  /** Of what is downloaded. The default ones if absent. */
  readonly limits?: UnpackLimits | undefined;
  /** How long to wait before trying again, in ms, doubled each time; 500 if absent. */
  readonly backoff?: number;
  readonly signal?: AbortSignal | undefined;
  /** `total` is absent if the server does not tell. */
  readonly onProgress?: ((received: number, total: number | undefined) => void) | undefined;
}

/** A file from the web, in the store. */
export interface HttpFile {
  /** Absolute path of a directory with nothing else in it. */
  readonly directory: string;
  readonly filename: string;
  /** Of the content. */
  readonly digest: string;
  /** s since 1970, as the server says; the modification time of the file, which is 0 if absent. */
  readonly lastModified: number | undefined;
  /** Digest of all that decides what a copy of it is. */
  readonly key: string;
  /** It was transferred now; if not, it has not changed since it was. */
  readonly isNew: boolean;
}

/** What is known of a URL from the last time. */
interface Memory {
  readonly key: string;
  readonly digest: string;
  readonly filename: string;
  readonly lastModified?: number;
  /** Without the mark of weakness; empty if the server gave none. */
  readonly etag: string;
  /** As the server wrote it, if it is old enough to tell versions apart. */
  readonly since?: string;
}

/**
 * Downloads a file, or finds out that it has not changed. With a checksum, what the store has is taken unseen. A server that
 * is busy, or breaks off, is asked again.
 *
 * Throws KilnError `source/http-status`, `source/digest-mismatch`, `source/http-failed`, `source/too-large`,
 * `system/unpack-limit`.
 *
 * @see https://github.com/moby/buildkit/blob/v0.32.0/source/http/source.go
 */
export async function fetchHttp(op: HttpOp, options: HttpSourceOptions): Promise<HttpFile> {
  const filename = op.filename === undefined ? httpFileName(op.url) : safeFileName(op.filename);
  const download = new Download(op, filename, options);
  const lock = await options.store.lockKey(`http-${op.url}\0${filename}`, options.signal);
  try {
    return await download.run();
  } finally {
    await lock[Symbol.asyncDispose]();
  }
}

class Download {
  readonly #op: HttpOp;
  readonly #filename: string;
  readonly #options: HttpSourceOptions;
  readonly #memories: KeyValueTable<Memory>;
  readonly #id: string;

  constructor(op: HttpOp, filename: string, options: HttpSourceOptions) {
    this.#op = op;
    this.#filename = filename;
    this.#options = options;
    this.#memories = jsonTable<Memory>(options.store.database, 'http_sources');
    this.#id = createHash('sha256').update(`${op.url}\0${filename}`).digest('hex');
  }

  async run(): Promise<HttpFile> {
    const { checksum } = this.#op;
    const memory = this.#memories.get(this.#id);
    if (memory) this.#hold(memory.key);
    const known = memory && existsSync(this.#path(memory.key)) ? memory : undefined;
    if (checksum !== '') return known?.digest === checksum ? this.#file(known, false) : await this.#get(undefined);
    if (known && known.etag !== '' && (await this.#hasSameTag(known))) return this.#file(known, false);
    return await this.#get(known);
  }

  /** Some servers give tags but do not look at them; asking for the headers alone finds that out. */
  async #hasSameTag(memory: Memory): Promise<boolean> {
    try {
      const response = await this.#request('HEAD', { 'if-none-match': memory.etag });
      response.body.destroy();
      if (response.status === 304) return tagOf(response) === '' || tagOf(response) === memory.etag;
      return response.status === 200 && tagOf(response) === memory.etag;
    } catch (error) {
      if (error instanceof NetworkError) return false;
      throw error;
    }
  }

  async #get(memory: Memory | undefined): Promise<HttpFile> {
    const directory = this.#options.store.temporaryPath();
    try {
      return await this.#download(memory, directory);
    } catch (error) {
      if (!(error instanceof NetworkError)) throw error;
      throw new KilnError('source/http-failed', `failed to download ${error.message}`, { cause: error });
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  }

  async #download(memory: Memory | undefined, directory: string): Promise<HttpFile> {
    const { limits, signal, onProgress, backoff = 500 } = this.#options;
    await using file = await PartialFile.create(join(directory, this.#filename));
    const unlessSame = {
      ...(memory && memory.etag !== '' && { 'if-none-match': memory.etag }),
      ...(memory?.since !== undefined && { 'if-modified-since': memory.since }),
    };
    const response = await downloadTo(file, {
      ...{ limits, signal, onProgress, backoff },
      ask: (range) => this.#request('GET', range ?? unlessSame),
    });
    if (response.status === 304) {
      if (memory) return this.#file(memory, false);
      throw wrongStatus(response);
    }
    const lastModified = parseHttpDate(response.headers['last-modified']);
    return this.#keep(directory, response, { digest: await file.finish(lastModified), lastModified });
  }

  #keep(from: string, response: HttpResponse, { digest, lastModified }: FinishedFile): HttpFile {
    const { checksum } = this.#op;
    if (checksum !== '' && digest !== checksum) {
      throw new KilnError('source/digest-mismatch', `digest mismatch ${digest}: ${checksum}`, {
        hint: `${redactUrl(this.#op.url)} is not what it was, or the checksum is not right`,
      });
    }
    const filename = this.#filename;
    const time = lastModified === undefined ? {} : { lastModified };
    const key = `sha256:${createHash('sha256')
      .update(JSON.stringify([filename, digest, lastModified]))
      .digest('hex')}`;
    const to = this.#path(key);
    this.#hold(key);
    if (!existsSync(to)) {
      mkdirSync(dirname(to), { recursive: true, mode: 0o700 });
      renameSync(from, to);
    }
    const memory = { key, digest, filename, ...time, etag: tagOf(response), ...validator(response, lastModified) };
    this.#memories.set(this.#id, memory);
    return this.#file(memory, true);
  }

  async #request(method: 'GET' | 'HEAD', headers: Readonly<Record<string, string>>): Promise<HttpResponse> {
    const { client, signal } = this.#options;
    // Servers may have one tag for each encoding, so both requests ask for the same.
    return await client.request({
      url: this.#op.url,
      method,
      headers: { 'accept-encoding': 'gzip', ...headers },
      signal,
    });
  }

  #file({ key, digest, filename, lastModified }: Memory, isNew: boolean): HttpFile {
    return { directory: this.#path(key), filename, digest, lastModified, key, isNew };
  }

  /** From before it is looked for, so that nobody removes it. */
  #hold(key: string): void {
    this.#options.store.holdings.hold('http', nameOf(key), redactUrl(this.#op.url));
  }

  #path(key: string): string {
    return join(this.#options.store.root, 'http', nameOf(key));
  }
}

/** Of the directory. */
function nameOf(key: string): string {
  return key.slice('sha256:'.length);
}

function tagOf({ headers }: HttpResponse): string {
  return headers.etag?.replace(/^W\//, '') ?? '';
}

/**
 * A time tells versions apart only if it was over when the answer was given.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-8.8.2.2
 */
function validator({ headers }: HttpResponse, lastModified: number | undefined): Pick<Memory, 'since'> {
  const date = parseHttpDate(headers.date);
  const text = headers['last-modified'];
  const isStrong = date !== undefined && lastModified !== undefined && date - lastModified >= 60;
  return isStrong && text !== undefined ? { since: text } : {};
}

interface FinishedFile {
  readonly digest: string;
  readonly lastModified: number | undefined;
}
