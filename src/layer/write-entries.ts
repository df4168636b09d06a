import { closeSync } from 'node:fs';
import { KilnError } from '../diagnostic/kiln-error.ts';
import type { LayerEntry, OpenableContent } from '../spec/tar/layer-entry.ts';
import type { BlockSink } from './block-sink.ts';
import { TarWriter } from './tar-writer.ts';

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
    await tar.header(entry);
    if (entry.kind !== 'file' || entry.size === 0 || !content) continue;
    if (content.kind === 'bytes') await tar.write(content.bytes);
    else await copyFile(tar, content, entry);
    await tar.pad(entry.size);
  }
  await tar.finish();
  return tar.size;
}

async function copyFile(
  tar: TarWriter,
  content: OpenableContent,
  entry: { readonly path: string; readonly size: number },
): Promise<void> {
  const fd = content.open();
  try {
    const isWhole = await read(tar, content, { fd, size: entry.size });
    content.verify(fd);
    if (!isWhole) throw new KilnError('layer/file-changed', `${entry.path} became shorter while it was being read`);
  } finally {
    closeSync(fd);
  }
}

async function read(
  tar: TarWriter,
  content: OpenableContent,
  { fd, size }: { readonly fd: number; readonly size: number },
): Promise<boolean> {
  try {
    return await (content.isSparse ? tar.copySparseFile(fd, size) : tar.copyFile(fd, size));
  } catch (error) {
    // It may be something that cannot be read by now.
    content.verify(fd);
    throw error;
  }
}
