import type { LayerEntry } from '../spec/tar/layer-entry.ts';
import type { BlockSink } from './block-sink.ts';
import { TarWriter } from './tar-writer.ts';
import { writeContent } from './write-content.ts';

/**
 * Writes the tar of a layer of which every entry is known, in their order.
 *
 * Throws KilnError `layer/file-changed`, and what the contents throw.
 *
 * @returns bytes written
 */
export async function writeEntries(
  entries: Iterable<LayerEntry>,
  sink: BlockSink,
  signal?: AbortSignal,
): Promise<number> {
  const tar = new TarWriter(sink, signal);
  for (const { entry, content } of entries) {
    // Waiting for what is done would take longer than to do it.
    const header = tar.header(entry);
    if (header) await header;
    if (entry.kind !== 'file' || entry.size === 0 || !content) continue;
    const written = content.kind === 'bytes' ? tar.content(content.bytes) : writeContent(tar, content, entry);
    if (written) await written;
  }
  await tar.finish();
  return tar.size;
}
