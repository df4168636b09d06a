import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { copyTree } from '../../src/files/copy-tree.ts';
import { applyLayer } from '../../src/layer/apply-layer.ts';
import { parseDiffId } from '../../src/spec/digest.ts';
import { Canary } from '../hostile/canary.ts';
import { sha256 } from '../hostile/image-layout.ts';
import { directory, file, hardLink, pax, raw, symlink, tarOf } from '../hostile/raw-tar.ts';
import type { FuzzTarget } from './fuzz-target.ts';
import { mutate } from './mutate.ts';
import type { Random } from './random.ts';

const limits = { bytes: 2 ** 24, ratio: 200, entries: 2000 };

/** Unpacking layers, and archives as ADD does. */
export function loadTarTarget(folder: string): Promise<FuzzTarget> {
  const canary = new Canary(join(folder, 'canary'));
  const below = join(folder, 'below');
  mkdirSync(join(below, 'd', 'e'), { recursive: true });
  writeFileSync(join(below, 'd', 'file'), 'below');
  const seeds = [
    tarOf(directory('d'), file('d/a', 'abc'), symlink('l', canary.path), file('l/file'), hardLink('h', 'd/a')),
    tarOf(
      file('d/.wh.file', ''),
      file('d/e/.wh..wh..opq', ''),
      directory('d/e'),
      symlink('d/e/l', '../../..'),
      file('.wh.d', ''),
    ),
    tarOf(
      pax({ path: 'long/'.repeat(30) + 'name', mtime: '1.5', 'SCHILY.xattr.user.a': 'b' }),
      file('x'),
      raw({ name: 'p', type: '6' }),
    ),
    tarOf(
      pax({ 'GNU.sparse.size': '10', 'GNU.sparse.map': '0,2,5,3' }),
      file('s', '01567'),
      raw({ name: 'c', type: '3', major: 1, minor: 3 }),
    ),
    tarOf(
      pax({ 'GNU.sparse.major': '1', 'GNU.sparse.minor': '0', 'GNU.sparse.realsize': '9' }),
      file('s', '1\n0\n4\n'.padEnd(512, '\0') + '0123'),
    ),
    tarOf(
      raw({ name: 'g', type: 'L' }, 'n'.repeat(120)),
      file('g'),
      raw({ name: 'k', type: 'K' }, 't'.repeat(120)),
      symlink('q', 't'),
    ),
    tarOf(
      symlink('a', 'b'),
      symlink('b', `../../../../..${canary.path}`),
      file('a/file'),
      hardLink('b', 'a'),
      directory('a'),
      file('a'),
    ),
  ];
  const words = [
    canary.path,
    `${canary.path}/file`,
    '../',
    '/',
    '.',
    '.wh.',
    '\0',
    '17 path=../x\n',
    '0000777\0',
    'ustar\x0000',
    '1',
    '2',
    '5',
    'x',
  ].map((word) => Buffer.from(word));
  const target = join(folder, 'target');
  const source = join(folder, 'source');
  mkdirSync(source);
  return Promise.resolve({
    make: (random) => {
      const tar = mutateTar(random.of(seeds), random, words);
      const pack = random.below(20);
      if (pack > 1) return tar;
      return mutate(pack === 0 ? gzipSync(tar) : zstdCompressSync(tar), random, words);
    },
    run: async (input) => {
      try {
        if (input.length % 2 === 0) await asLayer(input, target, below);
        else await asArchive(input, source, target);
      } finally {
        rmSync(target, { recursive: true, force: true });
      }
    },
    check: () => {
      canary.check('');
    },
  });
}

async function asLayer(input: Uint8Array, target: string, below: string): Promise<void> {
  const expectedDiffId = parseDiffId(sha256(input));
  await applyLayer(chunks(input), target, { userxattr: false, parent: [below], expectedDiffId, limits });
}

async function asArchive(input: Uint8Array, source: string, target: string): Promise<void> {
  writeFileSync(join(source, 'a'), input);
  mkdirSync(target);
  await copyTree({
    ...{ tree: { root: source, kind: 'snapshot' }, source: '/a', root: target, destination: '/x/' },
    ...{ unpack: 'always', limits },
  });
}

async function* chunks(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(bytes.subarray(0, 700));
  yield bytes.subarray(700);
}

/** Most headers get their checksum back, or nothing behind it would ever be read. */
function mutateTar(seed: Uint8Array, random: Random, words: readonly Uint8Array[]): Buffer {
  const tar = mutate(seed, random, words);
  if (random.below(8) === 0) return tar;
  for (let at = 0; at + 512 <= tar.length; at += 512) {
    const block = tar.subarray(at, at + 512);
    if (block.toString('latin1', 257, 262) !== 'ustar') continue;
    block.fill(' ', 148, 156);
    const sum = block.reduce((total, byte) => total + byte, 0);
    block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  }
  // Layers and archives take turns, by whether their length is even.
  return random.below(2) === 0 ? tar : Buffer.concat([tar, Buffer.alloc(1)]);
}
