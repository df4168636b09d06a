import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as breathe } from 'node:timers/promises';
import { LayerUsage } from '../../../snapshot/layer-usage.ts';
import { isDiskError, isSystemError } from '../../../system/system-error.ts';
import { blobFiles, isBlobName } from '../blob-nodes.ts';
import { namesIn, type Survey } from '../survey.ts';
import type { Damage } from './finding.ts';

const chunk = Buffer.allocUnsafe(1 << 20);

/** What is in `blobs/`, read to the last byte. */
export async function checkBlobs(
  survey: Survey,
): Promise<{ readonly damages: readonly Damage[]; readonly count: number }> {
  const files = blobFiles(survey);
  const damages: Damage[] = [...strayFiles(survey)];
  for (const { digest, path } of files) {
    const actual = digestOf(path, digest.split(':', 1)[0] ?? '');
    if (actual !== undefined && actual !== digest) damages.push(corruptBlob(survey, digest, path, actual));
    await breathe();
  }
  return { damages, count: files.length };
}

/** A disk that cannot be read is as bad as a blob that is wrong. */
const unreadable = 'what cannot be read';

/** Undefined if it is gone: somebody cleans the store. */
function digestOf(path: string, algorithm: string): string | undefined {
  let fd: number;
  try {
    fd = openSync(path, 'r');
  } catch (error) {
    if (isSystemError(error, 'ENOENT')) return undefined;
    if (isDiskError(error)) return unreadable;
    throw error;
  }
  try {
    const hash = createHash(algorithm);
    for (;;) {
      const read = readSync(fd, chunk, 0, chunk.length, null);
      if (read === 0) return `${algorithm}:${hash.digest('hex')}`;
      hash.update(chunk.subarray(0, read));
    }
  } catch (error) {
    if (isDiskError(error)) return unreadable;
    throw error;
  } finally {
    closeSync(fd);
  }
}

function corruptBlob(survey: Survey, digest: string, path: string, actual: string): Damage {
  const { store } = survey;
  return {
    ...{ kind: 'blob-corrupt', subject: digest, message: `its content is ${actual}` },
    repair: () =>
      store.database.transaction(() => {
        const layers = new LayerUsage(store.database);
        store.holdings.forget('blob', digest);
        layers.dropUsableBlob(digest);
        rmSync(path, { force: true });
        return 'removed; it is fetched or made again when it is needed';
      }),
  };
}

function strayFiles({ store }: Survey): readonly Damage[] {
  const root = join(store.root, 'blobs');
  return namesIn(root).flatMap((algorithm) =>
    namesIn(join(root, algorithm))
      .filter((name) => !isBlobName(algorithm, name))
      .map((name) => {
        const path = join(root, algorithm, name);
        return {
          ...({ kind: 'stray-file', subject: path, message: 'it is not called as a blob is' } as const),
          repair: () => {
            rmSync(path, { recursive: true, force: true });
            return 'removed';
          },
        };
      }),
  );
}
