import type { PlainSink } from '../layer/plain-sink.ts';
import { TarWriter } from '../layer/tar-writer.ts';
import { sendFile } from '../system/send-file.ts';

/** Shorter files go through the blocks with the rest. Bytes. */
const large = 1 << 20;
/** What is copied before it is looked whether somebody wants it to stop. Bytes. */
const chunkSize = 1 << 24;

/** Writes a tar to a file. Large contents that nobody wants to see on the way are copied in the kernel. */
export class FileTarWriter extends TarWriter {
  readonly #sink: PlainSink;
  readonly #fd: number;
  readonly #signal: AbortSignal | undefined;
  #sent = 0;

  /**
   * @param sink writes to the file
   * @param fd the file
   */
  constructor(sink: PlainSink, fd: number, signal?: AbortSignal) {
    super(sink, signal);
    this.#sink = sink;
    this.#fd = fd;
    this.#signal = signal;
  }

  override get size(): number {
    return super.size + this.#sent;
  }

  override copyFile(fd: number, size: number, see?: (chunk: Uint8Array) => void): Promise<boolean> | boolean {
    return see || size < large ? super.copyFile(fd, size, see) : this.#send(fd, size);
  }

  async #send(fd: number, size: number): Promise<boolean> {
    await this.end();
    await this.#sink.flush();
    let left = size;
    for (let count = 1; left > 0 && count > 0;) {
      this.#signal?.throwIfAborted();
      count = await sendFile(fd, this.#fd, Math.min(left, chunkSize));
      left -= Math.max(count, 0);
    }
    this.#sent += size - left;
    // At the end of a file there is nothing, and where the kernel cannot do it, the rest.
    return super.copyFile(fd, left);
  }
}
