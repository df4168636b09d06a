import { parseChallenges } from '../../src/registry/challenge.ts';
import { digestOf, readDiffIds, readDocument, readPlatform } from '../../src/registry/documents.ts';
import { parseHttpDate } from '../../src/source/http-date.ts';
import { choosePlatform } from '../../src/spec/platform-choice.ts';
import { describe, makeImage, types } from '../hostile/image-layout.ts';
import { file, tarOf } from '../hostile/raw-tar.ts';
import type { FuzzTarget } from './fuzz-target.ts';
import { mutate } from './mutate.ts';

const image = makeImage([{ tar: tarOf(file('a')) }, { tar: tarOf(file('b')) }]);
const manifests = [
  {
    ...describe(image.manifest, types.manifest),
    platform: { os: 'linux', architecture: 'arm', variant: 'v7', 'os.version': '1' },
  },
  { ...describe(image.manifest, types.manifest), annotations: { a: 'b' } },
];
const seeds = [
  ...[
    image.manifest,
    image.config,
    JSON.stringify({ schemaVersion: 2, mediaType: types.index, manifests, annotations: { c: 'd' } }),
  ],
  ...['Bearer realm="https://a/t",service="s",scope="repository:a/b:pull"', 'Wed, 21 Oct 2015 07:28:00 GMT'],
].map((text) => Buffer.from(text));
const words = [
  'null',
  '[]',
  '{}',
  '""',
  '-1',
  '1e400',
  '[',
  '{',
  '"',
  ',',
  ':',
  '\\u0000',
  '"manifests":',
  '"layers":',
  '"config":',
  'sha256:',
  '"platform":',
]
  .concat(['"mediaType":', '"__proto__":', '"size":', '"rootfs":', 'true', ', Basic ', '\xff'])
  .map((word) => Buffer.from(word));

/** What registries answer: manifests, indexes, configurations, challenges, times. */
export function loadRegistryTarget(): Promise<FuzzTarget> {
  return Promise.resolve({
    make: (random) => mutate(random.of(seeds), random, words),
    run: (input) => {
      const text = Buffer.from(input).toString('latin1');
      parseChallenges(text);
      parseHttpDate(text);
      const type = [types.manifest, types.index, 'text/html', ''][input.length % 4] ?? '';
      attempt(() => readDiffIds(input));
      attempt(() => readPlatform(input));
      attempt(() => readManifest(input, type));
    },
  });
}

function readManifest(input: Uint8Array, type: string): unknown {
  const { content } = readDocument(input, digestOf(input), type);
  return content.kind === 'index' && choosePlatform(content.manifests, { os: 'linux', architecture: 'amd64' });
}

/** What is refused by one may be taken by the next. */
function attempt(read: () => unknown): void {
  try {
    read();
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'KilnError') throw error;
  }
}
