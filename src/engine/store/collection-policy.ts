import { parseByteSize } from '../../dockerfile/values/byte-size.ts';
import { KilnError } from '../../diagnostic/kiln-error.ts';
import { ValueError } from '../../spec/value-error.ts';
import type { RemovalRule, SpaceLimits } from './removal-plan.ts';
import type { StoreNode } from './store-record.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** What is most easily had again. */
const easy: ReadonlySet<string> = new Set([
  'exec.cachemount',
  'source.http',
  'source.git.checkout',
  'source.git.repository',
]);

const limitNames = ['KILN_MAX_STORAGE', 'KILN_RESERVED_STORAGE', 'KILN_MIN_FREE_SPACE'] as const;
const hour = 3_600_000;
const leastForEasy = 512e6;
/** The part of the reserved space that they may have in any case, as in BuildKit. */
const partForEasy = 0.138;

/** Whether the store is to be cleaned by itself. */
export function isCollectionWanted(env: Environment): boolean {
  return !/^(?:0|off|false|no)$/i.test(env['KILN_GC'] ?? '');
}

/** Whether somebody has said how large the store may be. */
export function hasCollectionLimits(env: Environment): boolean {
  return limitNames.some((name) => env[name] !== undefined && env[name] !== '');
}

/**
 * The rules by which the store is cleaned after builds, from what is least missed to what is most. They are those of BuildKit,
 * with limits from `KILN_MAX_STORAGE`, `KILN_RESERVED_STORAGE` and `KILN_MIN_FREE_SPACE`.
 *
 * Throws KilnError `engine/storage-limit`.
 *
 * @param capacity of the disk, in bytes
 * @see https://github.com/moby/moby/blob/v28.3.0/builder/builder-next/worker/gc.go
 */
export function collectionRules(env: Environment, capacity: number): readonly RemovalRule[] {
  const maxUsedSpace = limit(env, 'KILN_MAX_STORAGE', capacity) ?? capacity * 0.8;
  const limits: SpaceLimits = {
    maxUsedSpace,
    reservedSpace: Math.min(maxUsedSpace, limit(env, 'KILN_RESERVED_STORAGE', capacity) ?? capacity * 0.1),
    minFreeSpace: limit(env, 'KILN_MIN_FREE_SPACE', capacity) ?? capacity * 0.2,
  };
  const base = { ...limits, all: false, keepDuration: 0, matches: () => true };
  const easyLimit = Math.min(maxUsedSpace, Math.max(leastForEasy, limits.reservedSpace * partForEasy));
  return [
    {
      ...{ all: false, keepDuration: 48 * hour, matches: ({ type }: StoreNode) => easy.has(type) },
      ...{ reservedSpace: 0, maxUsedSpace: easyLimit, minFreeSpace: 0 },
    },
    { ...base, keepDuration: 60 * 24 * hour },
    base,
    { ...base, all: true },
  ];
}

/** A size, or a part of the disk in percent. */
function limit(env: Environment, name: string, capacity: number): number | undefined {
  const text = env[name];
  if (text === undefined || text === '') return undefined;
  const percent = /^(\d+(?:\.\d+)?)%$/.exec(text)?.[1];
  try {
    const bytes = percent === undefined ? parseByteSize(text) : (Number(percent) / 100) * capacity;
    if (bytes >= 0) return bytes;
  } catch (error) {
    if (!(error instanceof ValueError)) throw error;
  }
  throw new KilnError('engine/storage-limit', `${name}: ${text} is no size`, {
    hint: 'it is written as 20GB, or as 10% of the disk',
  });
}
