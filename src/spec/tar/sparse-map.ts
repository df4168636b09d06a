import { ValueError } from '../value-error.ts';

/** A part of a sparse file that is in the archive; between parts there are zeros. Bytes. */
export interface SparsePart {
  readonly offset: number;
  readonly size: number;
}

/** The content of a file most of which is zeros: https://www.gnu.org/software/tar/manual/html_node/Sparse-Formats.html */
export interface SparseContent {
  /** Of the file, zeros included. Bytes. */
  readonly realSize: number;
  /** In their order, none of them empty. */
  readonly parts: readonly SparsePart[];
}

/**
 * From offsets and sizes in turns. Throws a {@link ValueError} if they overlap, leave the file, or are not what the archive
 * has of it.
 *
 * @param storedSize bytes of all parts together
 */
export function sparseContent(numbers: readonly number[], realSize: number, storedSize: number): SparseContent {
  const parts: SparsePart[] = [];
  let end = 0;
  let stored = 0;
  for (let at = 0; at < numbers.length; at += 2) {
    const [offset = NaN, size = NaN] = numbers.slice(at, at + 2);
    if (!(offset >= end && size >= 0 && offset + size <= realSize))
      throw new ValueError('invalid map of a sparse file');
    end = offset + size;
    stored += size;
    if (size > 0) parts.push({ offset, size });
  }
  if (stored !== storedSize) throw new ValueError('the map of a sparse file does not fit its content');
  return { realSize, parts };
}

/** Numbers in decimal. Throws a {@link ValueError} for anything else. */
export function decimals(texts: readonly string[]): readonly number[] {
  return texts.map((text) => {
    if (!/^\d{1,15}$/.test(text)) throw new ValueError('invalid map of a sparse file');
    return Number(text);
  });
}
