import { constants, createZstdCompress } from 'node:zlib';
import type { WriteChunk } from './compressed-sink.ts';

/** Buffers that are shorter Node makes parts of others. Bytes. */
const chunkSize = 1 << 18;

/** A frame of zstd, compressed on another thread. What comes out is kept until somebody writes it. */
export class ZstdFrame {
  readonly #stream: ReturnType<typeof createZstdCompress>;
  #out: Buffer<ArrayBuffer>[] = [];
  readonly #failed: Promise<never>;
  readonly #ended: Promise<undefined>;
  /** Done when what was put last has been taken. */
  #taken: Promise<undefined> = Promise.resolve(undefined);
  #last: ArrayBuffer | undefined;

  constructor(level: number) {
    this.#stream = createZstdCompress({ chunkSize, params: { [constants.ZSTD_c_compressionLevel]: level } });
    const { promise: failed, reject } = Promise.withResolvers<never>();
    const { promise: ended, resolve } = Promise.withResolvers<undefined>();
    // Who waits for something takes the error; until then nobody does.
    failed.catch(() => undefined);
    this.#failed = failed;
    this.#ended = ended;
    this.#stream.on('data', (chunk: Buffer<ArrayBuffer>) => this.#out.push(chunk));
    this.#stream.on('error', reject);
    this.#stream.on('end', () => {
      resolve(undefined);
    });
  }

  /** Adds bytes. They are free when the promise resolves. */
  put(bytes: Buffer): Promise<undefined> {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    this.#stream.write(bytes, (error) => {
      if (!error) resolve(undefined);
    });
    return (this.#taken = this.#orFailure(promise));
  }

  /** Nothing may be put afterwards. Resolves when all of the frame has come out. */
  end(): Promise<undefined> {
    // If the end is known before the last bytes are compressed, the frame is another one. It must not depend on who is faster.
    const ended = this.#taken.then(() => {
      this.#stream.end();
      return this.#orFailure(this.#ended);
    });
    ended.catch(() => undefined);
    return ended;
  }

  /** Writes what has come out so far, one at a time. */
  async writeTo(write: WriteChunk): Promise<void> {
    for (const chunk of this.#out.splice(0)) {
      if (this.#last !== chunk.buffer) this.#last?.transfer(0);
      this.#last = chunk.buffer;
      await write(chunk);
    }
  }

  #orFailure(promise: Promise<undefined>): Promise<undefined> {
    const first = Promise.race([promise, this.#failed]);
    first.catch(() => undefined);
    return first;
  }
}
