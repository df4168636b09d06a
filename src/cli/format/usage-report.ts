import type { StoreRecord } from '../../engine/index.ts';
import { formatByteCount } from '../progress/byte-count.ts';
import { formatAge } from './age.ts';
import { table } from './table.ts';

/** Sums of what records take, in bytes. */
export interface UsageTotals {
  /** Layers and blobs that images with names have. */
  readonly shared: number;
  readonly private: number;
  /** What `kiln prune --all` would give back. */
  readonly reclaimable: number;
  readonly total: number;
}

export function usageTotals(records: readonly StoreRecord[]): UsageTotals {
  const sum = (wanted: (record: StoreRecord) => boolean) =>
    records.filter(wanted).reduce((bytes, { size }) => bytes + size, 0);
  const isShared = ({ shared, type }: StoreRecord) => shared || type === 'image';
  return {
    shared: sum(isShared),
    private: sum((record) => !isShared(record)),
    reclaimable: sum(({ reclaimable }) => reclaimable),
    total: sum(() => true),
  };
}

/** Records as a table, the largest first. `now` in ms since 1970. */
export function recordTable(records: readonly StoreRecord[], now: number): string {
  const rows = sorted(records).map(({ id, type, reclaimable, size, lastUsed, description }) => [
    ...[shortId(id), type, String(reclaimable), formatByteCount(size)],
    ...[lastUsed === undefined ? '' : formatAge(now - lastUsed), description],
  ]);
  return table([['ID', 'TYPE', 'RECLAIMABLE', 'SIZE', 'LAST USED', 'DESCRIPTION'], ...rows], 3);
}

/** What `kiln du` prints. */
export function usageReport(records: readonly StoreRecord[], now: number): string {
  return recordTable(records, now) + totalsReport(records);
}

/** Everything that is known of records, a paragraph for each, as `docker buildx du --verbose` prints it. */
export function verboseReport(records: readonly StoreRecord[], now: number): string {
  const time = (ms: number | undefined) => (ms === undefined ? 'unknown' : new Date(ms).toISOString());
  const paragraphs = sorted(records).map((record) =>
    table(
      [
        ['ID:', record.id],
        ...record.parents.map((parent) => ['Parent:', parent]),
        ['Type:', record.type],
        ['Description:', record.description],
        ['Size:', `${formatByteCount(record.size)} (${record.size} bytes)`],
        ['Created at:', time(record.created)],
        [
          'Last used:',
          `${time(record.lastUsed)}${record.lastUsed === undefined ? '' : ` (${formatAge(now - record.lastUsed)})`}`,
        ],
        ['In use:', String(record.inUse)],
        ['Shared:', String(record.shared)],
        ['Reclaimable:', String(record.reclaimable)],
      ],
      2,
    ),
  );
  return `${paragraphs.join('\n')}\n${totalsReport(records)}`;
}

/** What `kiln du --format json` prints: see docs/storage.md. */
export function usageJson(records: readonly StoreRecord[]): string {
  const time = (ms: number | undefined) => (ms === undefined ? null : new Date(ms).toISOString());
  const json = sorted(records).map(({ id, type, description, size, created, lastUsed, ...rest }) => ({
    ...{ id, type, description, size, createdAt: time(created), lastUsedAt: time(lastUsed) },
    ...{ parents: rest.parents, inUse: rest.inUse, shared: rest.shared, reclaimable: rest.reclaimable },
  }));
  return `${JSON.stringify({ records: json, totals: usageTotals(records) }, undefined, 2)}\n`;
}

function totalsReport(records: readonly StoreRecord[]): string {
  const { shared, private: own, reclaimable, total } = usageTotals(records);
  return table(
    [
      ['Shared:', formatByteCount(shared)],
      ['Private:', formatByteCount(own)],
      ['Reclaimable:', formatByteCount(reclaimable)],
      ['Total:', formatByteCount(total)],
    ],
    2,
  );
}

function sorted(records: readonly StoreRecord[]): readonly StoreRecord[] {
  return records.toSorted((a, b) => b.size - a.size || (a.id < b.id ? -1 : 1));
}

/** Enough of a digest to tell it from others. */
export function shortId(id: string): string {
  const hex = id.replace(/^sha\d+:/, '');
  return /^[0-9a-f]{32,}/.test(hex) ? hex.slice(0, 12) : id;
}
