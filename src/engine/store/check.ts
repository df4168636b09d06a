import { statSync } from 'node:fs';
import { openContentStore, openStoreAsItIs } from '../../content/store.ts';
import { withDiskFailures } from './disk-failure.ts';
import { prune } from './prune.ts';
import { checkBlobs } from './check/check-blobs.ts';
import { checkDatabase } from './check/check-database.ts';
import { checkImages } from './check/check-images.ts';
import { checkLayers } from './check/check-layers.ts';
import type { Damage, Finding } from './check/finding.ts';
import { LayerDigests } from './check/layer-digests.ts';
import { abandonedLayers } from './internal-nodes.ts';
import { openSurvey, type Survey } from './survey.ts';

export type { Finding } from './check/finding.ts';

export interface CheckOptions {
  /** Remove what is damaged, so that it is fetched or made again. */
  readonly repair: boolean;
  /** Also compare the files of layers with what they were made with. */
  readonly deep: boolean;
}

/** A finding, and what was done about it. */
export interface CheckedFinding extends Finding {
  /** In a few words; absent if nothing was done. */
  readonly repaired?: string;
}

/** What was looked at, and what is wrong with it. */
export interface StoreCheck {
  readonly findings: readonly CheckedFinding[];
  readonly blobs: number;
  readonly layers: number;
  readonly images: number;
}

/**
 * Looks at everything in a store. Others may use it meanwhile; what they use is not repaired.
 *
 * Throws KilnError `content/...` if the store cannot be looked at at all.
 *
 * @param root absolute path of the store
 */
export function checkStore(root: string, options: CheckOptions): Promise<StoreCheck> {
  return withDiskFailures(async () => {
    const findings: CheckedFinding[] = [];
    const note = (damages: readonly Damage[]) => {
      findings.push(...damages.map((damage) => noted(damage, options)));
    };
    const database = checkDatabase(root);
    note(database);
    // Without a database, nothing can be said of what it should know.
    if (findings.some(({ kind, repaired }) => kind === 'database-damaged' && repaired === undefined)) {
      return { findings, blobs: 0, layers: 0, images: 0 };
    }
    const killed = leftBehind(root);
    await using store = openStoreAsItIs(root);
    const survey = openSurvey(store, { isExact: false });
    const blobs = await checkBlobs(survey);
    const corrupt = new Set(blobs.damages.map(({ subject }) => subject));
    // Before damaged blobs are removed, so that images are told with them.
    const images = checkImages(store, corrupt);
    note(blobs.damages);
    note(images.damages);
    const layers = await checkLayers(survey, options.deep ? new LayerDigests(survey) : undefined);
    note(layers.damages);
    note(leftovers(survey, killed));
    return { findings, blobs: blobs.count, layers: layers.count, images: images.count };
  });
}

function noted({ repair, ...finding }: Damage, options: CheckOptions): CheckedFinding {
  const repaired = options.repair ? repair() : undefined;
  return { ...finding, ...(repaired !== undefined && { repaired }) };
}

function leftBehind(root: string): readonly string[] {
  using store = openStoreAsItIs(root);
  return store.abandonedFiles();
}

/** What killed processes have left: their temporary files, and layers that are not in the database. */
function leftovers(survey: Survey, killed: readonly string[]): readonly Damage[] {
  const { store } = survey;
  const paths = [...killed, ...abandonedLayers(survey)];
  return paths.map((path) => ({
    ...{ kind: 'leftover', subject: path, message: 'a process that was killed has left it' },
    repair: () => {
      prune(openSurvey(store, { isExact: false }), [abandonedOnly]);
      openContentStore(store.root)[Symbol.dispose]();
      return statSync(path, { throwIfNoEntry: false }) ? undefined : 'removed';
    },
  }));
}

const abandonedOnly = {
  ...{ all: true, keepDuration: 0, reservedSpace: 0, maxUsedSpace: 0, minFreeSpace: 0 },
  matches: ({ place }: { readonly place: { readonly kind: string } }) => place.kind === 'abandoned',
};
