import type { ImageInfo } from '../../engine/index.ts';
import { formatByteCount } from '../progress/byte-count.ts';
import { formatAge } from './age.ts';
import { table } from './table.ts';
import { shortId } from './usage-report.ts';

/** What `kiln images` prints. `now` in ms since 1970. */
export function imageTable(images: readonly ImageInfo[], now: number): string {
  const rows = images.map(({ repository, tag, digest, platforms, created, size, isBroken }) => [
    ...[repository, tag || '<none>', shortId(digest), platforms.join(', ') || '-', ageOf(created, now)],
    `${formatByteCount(size)}${isBroken ? ' (incomplete)' : ''}`,
  ]);
  return table([['REPOSITORY', 'TAG', 'DIGEST', 'PLATFORM', 'CREATED', 'SIZE'], ...rows], 3);
}

/** What `kiln images --format json` prints: see docs/storage.md. */
export function imagesJson(images: readonly ImageInfo[]): string {
  const json = images.map(({ name, repository, tag, digest, id, platforms, created, updated, size, isBroken }) => ({
    ...{ name, repository, tag, digest, imageId: id ?? null, platforms, createdAt: created ?? null },
    ...{ taggedAt: new Date(updated).toISOString(), size, incomplete: isBroken },
  }));
  return `${JSON.stringify(json, undefined, 2)}\n`;
}

/** Images often say that they are from 1970, or nothing. */
function ageOf(created: string | undefined, now: number): string {
  const time = created === undefined ? NaN : Date.parse(created);
  return Number.isNaN(time) ? 'N/A' : formatAge(now - time);
}
