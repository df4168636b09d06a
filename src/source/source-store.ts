import type { ContentStore } from '../content/store.ts';

/** What sources need of the store. */
export type SourceStore = Pick<ContentStore, 'root' | 'temporaryPath' | 'lockKey' | 'database' | 'holdings'>;
