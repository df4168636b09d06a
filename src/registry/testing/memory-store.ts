import type { BlobStore } from '../blob-store.ts';

/** A store that keeps what was written whole, and knows what was begun. */
export class MemoryStore implements BlobStore {
  readonly blobs = new Map<string, Uint8Array>();
  readonly begun: string[] = [];

  has(digest: string): boolean {
    return this.blobs.has(digest);
  }

  read(digest: string): Uint8Array {
    return this.blobs.get(digest) ?? new Uint8Array();
  }

  async write({ digest }: { readonly digest: string }, content: AsyncIterable<Uint8Array>): Promise<void> {
    this.begun.push(digest);
    const chunks: Uint8Array[] = [];
    for await (const chunk of content) chunks.push(Uint8Array.from(chunk));
    this.blobs.set(digest, Buffer.concat(chunks));
  }
}
