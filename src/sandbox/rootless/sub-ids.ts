import { readFileSync } from 'node:fs';

/** Ids that a user may have besides the own one: https://man7.org/linux/man-pages/man5/subuid.5.html */
export interface SubIdRange {
  readonly first: number;
  readonly count: number;
}

/**
 * Those in a text such as /etc/subuid, in its order. Lines that are no entries are passed over.
 *
 * @param owners names by which the user is known there: the name and the number
 */
export function parseSubIds(text: string, owners: readonly string[]): readonly SubIdRange[] {
  return text.split('\n').flatMap((line) => {
    const [owner = '', first = '', count = ''] = line.trim().split(':');
    if (!owners.includes(owner) || !/^\d+$/.test(first) || !/^\d+$/.test(count) || Number(count) === 0) return [];
    return [{ first: Number(first), count: Number(count) }];
  });
}

/** None if the file cannot be read. */
export function readSubIds(path: string, owners: readonly string[]): readonly SubIdRange[] {
  try {
    return parseSubIds(readFileSync(path, 'utf8'), owners);
  } catch {
    return [];
  }
}
