import { readdirSync } from 'node:fs';
import type { ContentStore } from '../../content/store.ts';
import { isSystemError } from '../../system/system-error.ts';
import { holdingKey, type Holding, type HoldingKind } from '../../content/holdings.ts';
import { DiskUsage } from './disk-usage.ts';
import { TaggedImages } from './tagged-images.ts';

/** What is looked at when the records of a store are gathered. */
export interface Survey {
  readonly store: ContentStore;
  readonly usage: DiskUsage;
  readonly tagged: TaggedImages;
  /** What processes hold, by `holdingKey`; it may have changed when something is removed. */
  readonly held: ReadonlySet<string>;
  readonly holding: (kind: HoldingKind, name: string) => Holding | undefined;
  /** Measure layers on the disk that nobody has measured; if not, they count for what their tar has. */
  readonly isExact: boolean;
}

/** Begins a survey. */
export function openSurvey(store: ContentStore, { isExact }: Pick<Survey, 'isExact'>): Survey {
  const held = store.holdings.held();
  const holdings = new Map(store.holdings.list().map((holding) => [holdingKey(holding.kind, holding.name), holding]));
  return {
    ...{ store, held, isExact, usage: new DiskUsage(), tagged: new TaggedImages(store) },
    holding: (kind, name) => holdings.get(holdingKey(kind, name)),
  };
}

/** Names in a directory; none if it is not there. */
export function namesIn(directory: string): readonly string[] {
  try {
    return readdirSync(directory).sort();
  } catch (error) {
    if (isSystemError(error, 'ENOENT')) return [];
    throw error;
  }
}
