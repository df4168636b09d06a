import { gzipSync } from 'node:zlib';
import { base256, directory, file, pax, rawHeader, tarOf } from './raw-tar.ts';
import type { Expected, TarCase } from './tar-case.ts';

const gibibyte = 2 ** 30;
const error = (text: RegExp): Pick<TarCase, 'unpacked' | 'layer'> => ({
  unpacked: { error: text },
  layer: { error: text },
});
const right = (expected: Expected): Pick<TarCase, 'unpacked' | 'layer'> => ({ unpacked: expected, layer: expected });

/** Gzip of a start and so many zeros, which is made much faster than it is read. */
function withZeros(start: Uint8Array, zeros: number): Buffer {
  const part = gzipSync(Buffer.alloc(2 ** 24), { level: 9 });
  return Buffer.concat([gzipSync(start), ...Array.from({ length: zeros / 2 ** 24 }, () => part)]);
}

const bigFile = rawHeader({ name: 'zeros', size: base256(BigInt(10 * gibibyte)) });

/** Archives that are larger than they look. */
export const bombCases: readonly TarCase[] = [
  {
    name: 'ten gibibytes of zeros in ten megabytes',
    tar: () => bigFile,
    pack: (tar) => withZeros(tar, 10 * gibibyte),
    ...error(/more than 200 times as long as it is packed[^]*KILN_UNPACK_RATIO/),
  },
  {
    name: 'ten gibibytes of zeros behind the end',
    isLong: true,
    tar: () => tarOf(file('a')),
    pack: (tar) => withZeros(tar, 10 * gibibyte),
    unpacked: { files: { a: 'file x' } },
    layer: { error: /more than 200 times as long as it is packed[^]*KILN_UNPACK_RATIO/ },
    limit: 300_000,
  },
  {
    name: 'a limit of bytes',
    tar: () => tarOf(file('a', 'x'.repeat(600_000)), file('b', 'x'.repeat(600_000))),
    env: { KILN_UNPACK_BYTES: '1m' },
    ...error(/(?:more|longer) than 1048576 bytes[^]*KILN_UNPACK_BYTES/),
  },
  {
    name: 'a limit of bytes, and holes',
    tar: () => tarOf(pax({ 'GNU.sparse.size': '2000000', 'GNU.sparse.map': '0,1' }), file('a')),
    env: { KILN_UNPACK_BYTES: '1m' },
    ...error(/(?:more|longer) than 1048576 bytes[^]*KILN_UNPACK_BYTES/),
  },
  {
    name: 'a limit of entries',
    tar: () => tarOf(...Array.from({ length: 200 }, (_, at) => file(`f${at}`))),
    env: { KILN_UNPACK_ENTRIES: '150' },
    ...error(/more than 150 files and directories[^]*KILN_UNPACK_ENTRIES/),
  },
  {
    name: 'a limit of entries, and directories that nothing stands for',
    tar: () => tarOf(...Array.from({ length: 4 }, (_, at) => file(`${at}/${'d/'.repeat(45)}f`))),
    env: { KILN_UNPACK_ENTRIES: '150' },
    ...error(/more than 150 files and directories[^]*KILN_UNPACK_ENTRIES/),
  },
  {
    name: 'no limit',
    tar: () => tarOf(file('a')),
    env: { KILN_UNPACK_ENTRIES: '0', KILN_UNPACK_BYTES: '0', KILN_UNPACK_RATIO: '0' },
    ...right({ files: { a: 'file x' } }),
  },
  {
    name: 'a limit that is none',
    tar: () => tarOf(file('a')),
    env: { KILN_UNPACK_BYTES: 'much' },
    ...error(/invalid KILN_UNPACK_BYTES "much"/),
  },
  {
    name: 'ten thousand directories that become files',
    tar: () =>
      tarOf(
        ...Array.from({ length: 10_000 }, (_, at) => directory(`d${at}`)),
        ...Array.from({ length: 10_000 }, (_, at) => file(`d${at}`)),
      ),
    ...right({ files: { d0: 'file x' } }),
  },
  {
    name: 'a million files',
    isLong: true,
    tar: () =>
      tarOf(Buffer.concat(Array.from({ length: 1_000_000 }, (_, at) => rawHeader({ name: `d${at % 1000}/${at}` })))),
    pack: (tar) => gzipSync(tar, { level: 1 }),
    ...right({ files: { 'd7/7': 'file' } }),
    limit: 1_200_000,
  },
];
