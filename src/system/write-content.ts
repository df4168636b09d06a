import { ftruncateSync, writeSync } from 'node:fs';
import { isHole } from '../spec/tar/tar-reader.ts';

/** Writes the content of a file that is empty; the holes of a sparse one stay holes. `rest` is called after every chunk. */
export async function writeContent(
  fd: number,
  content: AsyncIterable<Uint8Array>,
  rest?: () => Promise<void> | undefined,
): Promise<void> {
  let position = 0;
  let endsWithHole = false;
  for await (const chunk of content) {
    endsWithHole = isHole(chunk);
    for (let at = 0; at < chunk.length && !endsWithHole;)
      at += writeSync(fd, chunk, at, chunk.length - at, position + at);
    position += chunk.length;
    await rest?.();
  }
  if (endsWithHole) ftruncateSync(fd, position);
}
