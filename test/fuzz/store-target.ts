import { join } from 'node:path';
import { resolveTarget } from '../../src/content/resolve-image.ts';
import { loadArchive } from '../../src/content/load-archive.ts';
import { openContentStore } from '../../src/content/store.ts';
import type { Descriptor } from '../../src/spec/descriptor.ts';
import { parseReference } from '../../src/spec/reference.ts';
import { describe, makeImage, sha256, types } from '../hostile/image-layout.ts';
import { file, raw, tarOf } from '../hostile/raw-tar.ts';
import type { FuzzTarget } from './fuzz-target.ts';
import { mutate } from './mutate.ts';

const layer = tarOf(file('a'));
const image = makeImage([{ tar: layer }]);
const platform = { os: 'linux', architecture: 'amd64' };
const name = 'docker.io/library/x:1';
const target = { ...describe(image.manifest, types.manifest), annotations: { 'io.containerd.image.name': name } };
const index = JSON.stringify({ schemaVersion: 2, manifests: [target] });
const blob = (content: string | Uint8Array) => raw({ name: `blobs/sha256/${sha256(content).slice(7)}` }, content);
const docker = JSON.stringify([{ Config: 'config.json', RepoTags: ['x:1'], Layers: ['layer.tar'] }]);
const archives = [
  tarOf(blob(layer), blob(image.config), blob(image.manifest), file('index.json', index)),
  tarOf(file('manifest.json', docker), file('config.json', image.config), raw({ name: 'layer.tar' }, layer)),
];
const words = [
  'null',
  '[]',
  '{}',
  '""',
  '-1',
  '1e99',
  '"',
  '[',
  ',"size":',
  'sha256:',
  'sha512:',
  '../',
  '"manifests":',
  '"digest":',
  '\\u0000',
].map((word) => Buffer.from(word));

/** Records of the store that are not what was written, and archives that are loaded into it. */
export function loadStoreTarget(folder: string): Promise<FuzzTarget> {
  const store = openContentStore(join(folder, 'store'));
  for (const content of [layer, image.config, image.manifest]) store.blobs.put(content);
  const reference = parseReference(name);
  store.images.set(name, target as unknown as Descriptor);
  const record = JSON.stringify(target);
  return Promise.resolve({
    make: (random) => {
      const kind = random.below(10);
      if (kind === 0) return Buffer.concat([Buffer.from('a'), mutate(random.of(archives), random, words)]);
      if (kind < 5) return Buffer.concat([Buffer.from('r'), mutate(Buffer.from(record), random, words)]);
      return Buffer.concat([Buffer.from('m'), mutate(Buffer.from(random.of([image.manifest, index])), random, words)]);
    },
    run: async (input) => {
      const [kind] = input;
      const rest = input.subarray(1);
      if (kind === 0x61) await loadArchive(store, chunks(rest), { bytes: 2 ** 24, ratio: 200, entries: 1000 });
      else if (kind === 0x72) {
        store.database.run('update images set target = ? where name = ?', Buffer.from(rest).toString(), name);
        const found = store.images.get(reference);
        if (found) resolveTarget(store, found.target, platform);
      } else {
        const { digest, size } = store.blobs.put(rest);
        try {
          resolveTarget(store, { digest, size, mediaType: size % 2 === 0 ? types.manifest : types.index }, platform);
        } finally {
          store.blobs.remove(digest);
        }
      }
    },
  });
}

async function* chunks(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(bytes);
}
