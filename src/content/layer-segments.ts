import { createHash } from 'node:crypto';
import { closeSync, openSync } from 'node:fs';
import { readInto } from '../system/read-into.ts';
import { isSystemError } from '../system/system-error.ts';
import type { BlobStore } from './blob-store.ts';
import type { Database } from './database.ts';
import { storeFailure } from './store-failure.ts';

const migrations = [
  `create table layer_segments (
    key text primary key, blob text not null, position integer not null, length integer not null, digest text not null
  ) strict, without rowid;
  create index layer_segments_of_blob on layer_segments (blob)`,
  `drop table layer_segments;
  create table layer_segments (
    key text primary key, blob text not null, position integer not null, length integer not null, crc integer not null,
    digest text not null
  ) strict, without rowid;
  create index layer_segments_of_blob on layer_segments (blob)`,
];

/** Nobody makes longer ones. Bytes. */
const longest = 1 << 22;

/** A part of a compressed layer that stands for itself. */
export interface LayerSegment {
  /** Of all that decides what it is compressed to. */
  readonly key: string;
  /** Bytes from the start of the blob. */
  readonly position: number;
  /** Bytes. */
  readonly length: number;
  /** CRC-32 of what they were made of. */
  readonly crc: number;
  /** What {@link segmentDigest} says of them. */
  readonly digest: string;
}

export interface FoundSegment {
  readonly bytes: Buffer<ArrayBuffer>;
  readonly crc: number;
  readonly digest: string;
}

/** By which a segment that is damaged is known: sha256, in hex, of its bytes and of the CRC-32 of what they were made of. */
export function segmentDigest(chunks: readonly Uint8Array[], crc: number): string {
  const hash = createHash('sha256');
  for (const chunk of chunks) hash.update(chunk);
  return hash.update(Uint32Array.of(crc)).digest('hex');
}

/** Which parts of the blobs of layers were made of what, so that what comes again is not compressed again. */
export class LayerSegments {
  readonly #database: Database;
  readonly #blobs: BlobStore;

  constructor(database: Database, blobs: BlobStore) {
    this.#database = database;
    this.#blobs = blobs;
  }

  /** A segment, if the store has a blob with it. */
  find(key: string): FoundSegment | undefined {
    this.#define();
    const row = this.#database.get('select * from layer_segments where key = ?', key);
    if (!row) return undefined;
    const path = this.#database.understand(() => this.#blobs.path(String(row.blob)));
    const bytes = readPart(path, Number(row.position), Number(row.length));
    if (!bytes) return undefined;
    const crc = Number(row.crc);
    const digest = segmentDigest([bytes], crc);
    // What is damaged must not spread.
    return digest === row.digest ? { bytes, crc, digest } : undefined;
  }

  /** Remembers what a blob is made of. */
  add(blob: string, segments: readonly LayerSegment[]): void {
    if (segments.length === 0) return;
    this.#define();
    this.#database.transaction(() => {
      for (const { key, position, length, crc, digest } of segments) {
        const row = [key, blob, position, length, crc, digest];
        this.#database.run('insert or replace into layer_segments values (?, ?, ?, ?, ?, ?)', ...row);
      }
    });
  }

  /** The blobs that it knows something of. */
  blobs(): readonly string[] {
    this.#define();
    return this.#database.all('select distinct blob from layer_segments').map(({ blob }) => String(blob));
  }

  /** Forgets a blob that is not there any more. */
  forget(blob: string): void {
    this.#define();
    this.#database.run('delete from layer_segments where blob = ?', blob);
  }

  #define(): void {
    this.#database.define('layer_segments', migrations);
  }
}

/** Undefined if the file is not there, or not that long. */
function readPart(path: string, position: number, length: number): Buffer<ArrayBuffer> | undefined {
  if (length < 0 || length > longest) return undefined;
  let fd: number | undefined;
  try {
    fd = openSync(path, 'r');
    const bytes = Buffer.allocUnsafeSlow(length);
    return readInto(fd, bytes, position) === length ? bytes : undefined;
  } catch (error) {
    if (isSystemError(error, 'ENOENT')) return undefined;
    throw storeFailure(error, path);
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}
