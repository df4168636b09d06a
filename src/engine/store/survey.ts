import { readdirSync } from 'node:fs';
import type { ContentStore } from '../../content/store.ts';
import { isSystemError } from '../../system/system-error.ts';
import type { Holding, HoldingKind } from '../../content/holdings.ts';
import { DiskUsage } from './disk-usage.ts';
import { TaggedImages } from './tagged-images.ts';

/** What is looked at when the records of a store are gathered. */
export interface Survey {
  readonly store: ContentStore;
  readonly usage: DiskUsage;
  readonly tagged: TaggedImages;
  /** What was used before that, no process uses. ms since 1970. */
  readonly horizon: number;
  readonly holding: (kind: HoldingKind, name: string) => Holding | undefined;
  /** Measure layers on the disk that nobody has measured; if not, they count for what their tar has. */
  readonly isExact: boolean;
}

/** Begins a survey: whoever begins to use something from now on is told by the horizon. */
export function openSurvey(store: ContentStore, { isExact }: Pick<Survey, 'isExact'>): Survey {
  const horizon = store.holdings.earliest(Date.now());
  const holdings = new Map(store.holdings.list().map((holding) => [`${holding.kind} ${holding.name}`, holding]));
  return {
    ...{ store, horizon, isExact, usage: new DiskUsage(), tagged: new TaggedImages(store) },
    holding: (kind, name) => holdings.get(`${kind} ${name}`),
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
