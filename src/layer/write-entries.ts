import { closeSync, openSync } from 'node:fs';
import { KilnError } from '../diagnostic/kiln-error.ts';
import type { EntryContent, LayerEntry } from '../spec/tar/layer-entry.ts';
import type { BlockSink } from './block-sink.ts';
import { fsPath } from './host-path.ts';
import { TarWriter } from './tar-writer.ts';

/**
 * Writes the tar of a layer of which every entry is known, in their order.
 *
 * Throws KilnError `layer/file-changed`, and what `verify` of an entry throws.
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
  { path, isSparse, verify }: Extract<EntryContent, { kind: 'file' }>,
  entry: { readonly path: string; readonly size: number },
): Promise<void> {
  const fd = openSync(fsPath(path), 'r');
  try {
    const isWhole = await (isSparse ? tar.copySparseFile(fd, entry.size) : tar.copyFile(fd, entry.size));
    verify?.(fd);
    if (!isWhole) throw new KilnError('layer/file-changed', `${entry.path} became shorter while it was being read`);
  } finally {
    closeSync(fd);
  }
}
