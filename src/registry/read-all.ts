import type { IncomingMessage } from 'node:http';
import { NetworkError } from './network-error.ts';

/** All of a body that has to be short; `limit` in bytes. Throws a {@link NetworkError}. */
export async function readAll(body: IncomingMessage, url: string, limit: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const chunk of body as AsyncIterable<Uint8Array>) {
      length += chunk.length;
      if (length > limit) throw new NetworkError(url, `the answer is longer than ${limit} bytes`);
      chunks.push(chunk);
    }
  } catch (cause) {
    throw NetworkError.from(url, cause);
  }
  return Buffer.concat(chunks);
}
