import { closeSync } from 'node:fs';
import type { OpenableContent } from '../spec/tar/layer-entry.ts';
import { becameShorter, type ContentPlace } from './pending-files.ts';
import type { TarWriter } from './tar-writer.ts';

/**
 * Writes the content of a file and what is to follow it; undefined if that is done, or left to others.
 *
 * Throws KilnError `layer/file-changed`, and what the content throws.
 */
export function writeContent(tar: TarWriter, content: OpenableContent, place: ContentPlace): Promise<void> | undefined {
  const isLeft = !content.isSparse && tar.readLater(content, place);
  return isLeft ? tar.pad(place.size) : copyFile(tar, content, place);
}

async function copyFile(tar: TarWriter, content: OpenableContent, { path, size }: ContentPlace): Promise<void> {
  const fd = content.open();
  try {
    const isWhole = await read(tar, content, { fd, size });
    content.verify(fd);
    if (!isWhole) throw becameShorter(path);
  } finally {
    closeSync(fd);
  }
  await tar.pad(size);
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
