import { gzipSync, zstdCompressSync } from 'node:zlib';
import { base256, file, pax, paxRecord, raw, rawHeader, tarOf } from './raw-tar.ts';
import type { Expected, TarCase } from './tar-case.ts';

const good = { files: { a: 'file x' } };
const packed = { files: {} };
const brokenStart = { error: /the archive is broken at its beginning/ };
/** What cannot be read from its beginning is no archive: ADD takes it as it is. */
const brokenFrom = (text: RegExp) => ({ unpacked: packed, context: brokenStart, layer: { error: text } });
const error = (text: RegExp) => ({ unpacked: { error: text }, layer: { error: text } });
const right = (expected: Expected = good) => ({ unpacked: expected, layer: expected });

/** A frame of zstd with a window of 2 to the power of `log`, and one block of the bytes as they are. */
function zstdFrame(bytes: Uint8Array, log: number): Buffer {
  const header = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, (log - 10) << 3]);
  const block = Buffer.alloc(3);
  block.writeUIntLE((bytes.length << 3) | 1, 0, 3);
  return Buffer.concat([header, block, bytes]);
}

const broken = (at: number, byte: number) => (bytes: Uint8Array) => {
  const packed = gzipSync(bytes);
  packed[packed.length + at] = (packed[packed.length + at] ?? 0) ^ byte;
  return packed;
};

/** What is no tar, or hardly one. */
export const formatCases: readonly TarCase[] = [
  {
    name: 'an extended header of two megabytes',
    tar: () => tarOf(pax({ comment: 'x'.repeat(2 ** 21) }), file('a')),
    ...error(/more than 1048576 bytes/),
  },
  {
    name: 'an extended header of a hundred thousand records',
    tar: () => tarOf(pax('8 a=bcd\n'.repeat(100_000)), file('a')),
    ...right(),
  },
  {
    name: 'an extended header with a length of 0',
    tar: () => tarOf(pax('6 a=b\n0 c=d\n'), file('a')),
    ...error(/invalid extended header/),
  },
  {
    name: 'an extended header with a length that is too long',
    tar: () => tarOf(pax('999 a=b\n'), file('a')),
    ...error(/invalid extended header/),
  },
  {
    name: 'an extended header without an equals sign',
    tar: () => tarOf(pax('4 a\n'.repeat(1000)), file('a')),
    ...error(/invalid extended header/),
  },
  {
    name: 'extended headers one after the other',
    tar: () => tarOf(...Array.from({ length: 20_000 }, () => pax({ path: 'b' })), file('a')),
    ...right({ files: { b: 'file x' } }),
  },
  {
    name: 'a global header that says where files go',
    tar: ({ canary }) => tarOf(pax({ path: canary.path, linkpath: '/' }, 'g'), file('a')),
    ...right(),
  },
  { name: 'an empty path in an extended header', tar: () => tarOf(pax({ path: '' }), file('a')), ...right() },
  {
    name: 'a path upwards in an extended header',
    tar: () => tarOf(pax({ path: '../../b' }), file('a')),
    unpacked: { files: { b: 'file x' } },
    layer: { error: /unsafe path/ },
  },
  {
    name: 'a negative size in an extended header',
    tar: () => tarOf(pax({ size: '-1' }), file('a')),
    ...error(/invalid size "-1"/),
  },
  {
    name: 'a size of twenty digits',
    tar: () => tarOf(pax({ size: '9'.repeat(20) }), file('a')),
    ...error(/invalid size/),
  },
  { name: 'a size in words', tar: () => tarOf(pax({ size: 'much' }), file('a')), ...error(/invalid size "much"/) },
  {
    name: 'a size that goes beyond the file',
    tar: () => tarOf(pax({ size: '4096' }), file('a')),
    ...error(/unexpected end of archive/),
  },
  { name: 'a negative size', tar: () => tarOf(file('a', 'x', { size: base256(-1n) })), ...error(/negative size/) },
  {
    name: 'a size of four exbibytes',
    tar: () => tarOf(file('a', 'x', { size: base256(1n << 62n) })),
    unpacked: packed,
    context: { error: /invalid number/ },
    layer: { error: /invalid number/ },
  },
  {
    name: 'a size of four pebibytes',
    tar: () => tarOf(file('a', 'x', { size: base256(1n << 52n) })),
    ...error(/more than 274877906944 bytes.*\n.*KILN_UNPACK_BYTES|more than 274877906944 bytes[^]*KILN_UNPACK_BYTES/),
  },
  {
    name: 'a size that is no number',
    tar: () => tarOf(file('a', 'x', { size: Buffer.from('12x4567890a\0') })),
    unpacked: packed,
    context: { error: /invalid number/ },
    layer: { error: /invalid number/ },
  },
  {
    name: 'a long name that nothing follows',
    tar: () => Buffer.concat([file('a'), raw({ name: '././@LongLink', type: 'L' }, 'n'.repeat(200))]),
    ...right(),
  },
  {
    name: 'ten thousand long names',
    tar: () => tarOf(...Array.from({ length: 10_000 }, () => raw({ name: 'l', type: 'L' }, 'n\0')), file('a')),
    ...right({ files: { n: 'file x' } }),
  },
  {
    name: 'a sparse file whose parts overlap',
    tar: () => tarOf(pax({ 'GNU.sparse.size': '10', 'GNU.sparse.map': '0,5,3,5' }), file('a', '0123456789')),
    ...error(/invalid map of a sparse file/),
  },
  {
    name: 'a sparse file whose map is odd',
    tar: () => tarOf(pax({ 'GNU.sparse.size': '10', 'GNU.sparse.map': '0,5,3' }), file('a', '01234')),
    ...error(/invalid map/),
  },
  {
    name: 'a sparse file of a petabyte',
    tar: () => tarOf(pax({ 'GNU.sparse.size': '999999999999999', 'GNU.sparse.map': '0,1' }), file('a')),
    ...error(/more than 274877906944 bytes/),
  },
  {
    name: 'a sparse file that has more parts than bytes',
    tar: () =>
      tarOf(
        pax({ 'GNU.sparse.major': '1', 'GNU.sparse.minor': '0', 'GNU.sparse.realsize': '10' }),
        file('a', '99999999\n'.padEnd(1024, '0\n')),
      ),
    ...error(/invalid map/),
  },
  {
    name: 'an old sparse file whose map never ends',
    tar: () =>
      tarOf(
        raw(
          { name: 'a', type: 'S', more: { 386: '00000000000\x0000000000000\0', 482: '\x01' } },
          Buffer.alloc(512 * 100, 1),
        ),
      ),
    ...error(/invalid number|map of a sparse file|unexpected end/),
  },
  {
    name: 'a file that is cut off',
    tar: () => file('a', 'x'.repeat(600)).subarray(0, 700),
    ...error(/unexpected end of archive/),
  },
  {
    name: 'a header that is cut off',
    tar: () => Buffer.concat([file('a'), rawHeader({ name: 'b' }).subarray(0, 300)]),
    ...error(/unexpected end of archive/),
  },
  {
    name: 'a wrong checksum',
    tar: () => tarOf(file('a'), file('b', 'x', { checksum: 1 })),
    ...error(/invalid tar header/),
  },
  {
    name: 'garbage between files',
    tar: () => tarOf(file('a'), Buffer.alloc(512, 'g'), file('b')),
    ...error(/invalid tar header/),
  },
  { name: 'garbage at the end', tar: () => Buffer.concat([tarOf(file('a')), Buffer.alloc(100_000, 'g')]), ...right() },
  { name: 'no end', tar: () => file('a'), ...right() },
  {
    name: 'two archives',
    tar: () => Buffer.concat([tarOf(file('a')), tarOf(file('b'))]),
    ...right({ files: { a: 'file x', b: 'nothing' } }),
  },
  {
    name: 'gzip in two parts',
    tar: () => tarOf(file('a')),
    pack: (tar) => Buffer.concat([gzipSync(tar.subarray(0, 700)), gzipSync(tar.subarray(700))]),
    ...right(),
  },
  {
    name: 'gzip with a wrong checksum',
    tar: () => tarOf(file('a')),
    pack: broken(-6, 1),
    ...brokenFrom(/incorrect data check/),
  },
  {
    name: 'gzip with a wrong length',
    tar: () => tarOf(file('a')),
    pack: broken(-1, 1),
    ...brokenFrom(/incorrect length check/),
  },
  {
    name: 'gzip that is cut off',
    tar: () => tarOf(file('a', 'x'.repeat(100_000))),
    pack: (tar) => gzipSync(tar).subarray(0, 60),
    ...brokenFrom(/unexpected end of/),
  },
  {
    name: 'gzip with garbage behind it',
    tar: () => tarOf(file('a')),
    pack: (tar) => Buffer.concat([gzipSync(tar), Buffer.alloc(1000, 'g')]),
    ...brokenFrom(/incorrect header check/),
  },
  {
    name: 'zstd with a window of two gibibytes',
    tar: () => tarOf(file('a')),
    pack: (tar) => zstdFrame(tar, 31),
    ...error(/too much memory|window is larger than 128 MiB/),
  },
  {
    name: 'zstd in two parts',
    tar: () => tarOf(file('a')),
    pack: (tar) => Buffer.concat([zstdCompressSync(tar.subarray(0, 700)), zstdCompressSync(tar.subarray(700))]),
    ...right(),
  },
  {
    name: 'zstd that is cut off',
    tar: () => tarOf(file('a', 'x'.repeat(300_000))),
    pack: (tar) => zstdCompressSync(tar).subarray(0, 30),
    ...brokenFrom(/unexpected end/),
  },
  {
    name: 'zstd with garbage behind it',
    tar: () => tarOf(file('a')),
    pack: (tar) => Buffer.concat([zstdCompressSync(tar), Buffer.alloc(1000, 'g')]),
    unpacked: good,
    layer: { error: /invalid zstd data/ },
  },
  {
    name: 'an extended header with the records of a name again and again',
    tar: () => tarOf(pax(Array.from({ length: 10_000 }, (_, at) => paxRecord(['path', `n${at}`])).join('')), file('a')),
    ...right({ files: { n9999: 'file x' } }),
  },
];
