import { encodeShortHeader, encodeTarHeader } from '../spec/tar/encode-header.ts';
import { tarBlockSize, tarPadding } from '../spec/tar/entry.ts';
import type { TarEntry } from '../spec/tar/entry.ts';
import { BlockWriter } from './block-writer.ts';

/** Writes a tar into a sink. */
export class TarWriter extends BlockWriter {
  /** The header of an entry. The content of a file must follow: exactly its size, then {@link pad}. */
  header(entry: TarEntry): Promise<void> | undefined {
    // What has to wait for room would see the bytes of a short one change.
    const header = this.hasRoom(tarBlockSize) ? encodeShortHeader(entry) : undefined;
    return this.write(header ?? encodeTarHeader(entry));
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
