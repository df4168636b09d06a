import { lstatSync, readFileSync, readdirSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { canBuild, newContext, newStore, runKiln, useBuildRig } from './build-rig.ts';

useBuildRig();

describe.skipIf(!canBuild)('kiln build with a damaged store', () => {
  it.each([
    {
      damage: 'changed in the middle',
      harm: (path: string) => {
        const bytes = readFileSync(path);
        bytes.fill(0x5a, bytes.length >> 1, (bytes.length >> 1) + 100);
        writeFileSync(path, bytes);
      },
      reason: 'the layer is not sha256:',
    },
    {
      damage: 'cut off',
      harm: (path: string) => {
        truncateSync(path, lstatSync(path).size >> 1);
      },
      reason: 'the layer is damaged: ',
    },
  ])('names the layer that is $damage, and what helps', ({ harm, reason }) => {
    const store = newStore();
    const context = newContext({ Dockerfile: 'FROM busybox\nRUN echo a\n' });
    const layer = largestBlob(store);
    const path = join(store, 'blobs/sha256', layer);
    harm(path);
    const { code, err } = runKiln(['build', context], { store });
    expect(code).toBe(1);
    expect(err).toContain(
      `layer sha256:${layer} of docker.io/library/busybox:latest is damaged, in ${path}: ${reason}`,
    );
    expect(err).toContain(`  = help: remove ${path}, and load the image again, or build with --pull\n`);
    expect(unpackedLayers(store)).toEqual([]);
    expect(readdirSync(join(store, 'tmp'))).toEqual([]);
  });
});

/** The layer of the base image. */
function largestBlob(store: string): string {
  const folder = join(store, 'blobs/sha256');
  const sizes = readdirSync(folder).map((name) => ({ name, size: lstatSync(join(folder, name)).size }));
  return sizes.reduce((largest, blob) => (blob.size > largest.size ? blob : largest)).name;
}

function unpackedLayers(store: string): readonly string[] {
  try {
    return readdirSync(join(store, 'snapshots'));
  } catch {
    return [];
  }
}
