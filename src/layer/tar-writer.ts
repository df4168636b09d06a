import { encodeShortHeader, encodeTarHeader } from '../spec/tar/encode-header.ts';
import { tarBlockSize, tarPadding } from '../spec/tar/entry.ts';
import type { TarEntry } from '../spec/tar/entry.ts';
import { BlockWriter } from './block-writer.ts';

/** Writes a tar into a sink. */
export class TarWriter extends BlockWriter {
  /** The header of an entry. The content of a file must follow: exactly its size, then {@link pad}. */
  header(entry: TarEntry): Promise<void> | undefined {
    const block = this.room(tarBlockSize);
    if (!block || !encodeShortHeader(entry, block)) return this.write(encodeTarHeader(entry));
    this.advance(tarBlockSize);
    return undefined;
  }

  /** The content of a file, and the zeros after it. */
  async content(bytes: Uint8Array): Promise<void> {
    await this.write(bytes);
    await this.pad(bytes.length);
  }

  /** The zeros after a content of `size` bytes. */
  pad(size: number): Promise<void> | undefined {
    return this.zeros(tarPadding(size));
  }

  /** Two blocks of zeros, and the last of the bytes go to the sink. */
  async finish(): Promise<void> {
    await this.zeros(2 * tarBlockSize);
    await this.end();
  }
}
