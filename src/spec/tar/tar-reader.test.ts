import { once } from 'node:events';
import { spawnSync } from 'node:child_process';
import { closeSync, ftruncateSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { extract } from 'tar-stream';
import { describe, expect, it } from 'vitest';
import { fromBytes } from '../byte-string.ts';
import { encodeTarHeader } from './encode-header.ts';
import { noXattrs, tarPadding } from './entry.ts';
import type { TarEntry } from './entry.ts';
import { formatPaxRecords } from './pax-records.ts';
import { TarReader } from './tar-reader.ts';

const plain = { mode: 0o644, uid: 0, gid: 0, mtimeNs: 0n, xattrs: noXattrs };

function tarOf(...entries: readonly (TarEntry | { entry: TarEntry; content: Uint8Array })[]): Buffer {
  const parts = entries.flatMap((item) => {
    if (!('entry' in item)) return [encodeTarHeader(item)];
    return [encodeTarHeader(item.entry), item.content, new Uint8Array(tarPadding(item.content.length))];
  });
  return Buffer.concat([...parts, new Uint8Array(1024)]);
}

async function* chunksOf(bytes: Uint8Array, size = 700): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield await Promise.resolve(bytes.subarray(at, at + size));
}

async function readTar(bytes: Uint8Array, chunkSize?: number): Promise<{ entry: TarEntry; content: string }[]> {
  const reader = new TarReader(chunksOf(bytes, chunkSize));
  const found: { entry: TarEntry; content: string }[] = [];
  for (let entry = await reader.next(); entry; entry = await reader.next()) {
    const content: Uint8Array[] = [];
    for await (const chunk of reader.content()) content.push(Buffer.from(chunk));
    found.push({ entry, content: Buffer.concat(content).toString('latin1') });
  }
  return found;
}

const name = fc
  .uint8Array({ minLength: 1, maxLength: 140 })
  .map((bytes) => fromBytes(bytes.map((byte) => (byte === 0 || byte === 0x2f ? 0x61 : byte))));
const path = fc.array(name, { minLength: 1, maxLength: 3 }).map((names) => names.join('/'));
const base = fc.record({
  path,
  mode: fc.nat(0o7777),
  uid: fc.oneof(fc.nat(3), fc.nat(0xfffffffe)),
  gid: fc.oneof(fc.nat(3), fc.nat(0xfffffffe)),
  mtimeNs: fc.bigInt(0n, 2n ** 34n).map((seconds) => seconds * 1_000_000_000n),
  xattrs: fc
    .dictionary(fc.constantFrom('security.capability', 'user.a', 'user.b=c'), fc.uint8Array({ maxLength: 30 }))
    .map((record) => new Map(Object.entries(record).filter(([key]) => !key.includes('=')))),
});
const kinds = fc.oneof(
  fc.constantFrom({ kind: 'directory' as const }, { kind: 'fifo' as const }),
  fc.record({ kind: fc.constantFrom('symlink' as const, 'hard-link' as const), target: path }),
  fc.record({
    kind: fc.constantFrom('character-device' as const, 'block-device' as const),
    major: fc.nat(4095),
    minor: fc.nat(0xfffff),
  }),
);
const entries = fc.array(
  fc.tuple(base, kinds).map(([attributes, kind]): TarEntry => ({ ...attributes, ...kind })),
  { maxLength: 5 },
);

describe('TarReader', () => {
  it('reads what encodeTarHeader writes', async () => {
    await fc.assert(
      fc.asyncProperty(entries, fc.integer({ min: 1, max: 3000 }), async (written, chunkSize) => {
        expect((await readTar(tarOf(...written), chunkSize)).map(({ entry }) => entry)).toEqual(written);
      }),
    );
  });

  it('gives the content of files and skips what nobody reads', async () => {
    const content = Buffer.from('x'.repeat(1300));
    const file = { kind: 'file', path: 'a', ...plain, size: 1300 } as const;
    const bytes = tarOf({ entry: file, content }, { kind: 'fifo', path: 'b', ...plain });
    expect((await readTar(bytes)).map((found) => [found.entry.path, found.content])).toEqual([
      ['a', content.toString()],
      ['b', ''],
    ]);
    const reader = new TarReader(chunksOf(bytes));
    expect((await reader.next())?.path).toBe('a');
    expect((await reader.next())?.path).toBe('b');
    expect(await reader.next()).toBeUndefined();
  });

  it.each([
    ['an empty stream is an empty archive', new Uint8Array(), []],
    ['a missing end is an end', tarOf({ kind: 'fifo', path: 'b', ...plain }).subarray(0, 512), ['b']],
  ])('%s', async (_, bytes, names) => {
    expect((await readTar(bytes)).map(({ entry }) => entry.path)).toEqual(names);
  });

  it.each([
    ['a truncated header', tarOf({ kind: 'fifo', path: 'b', ...plain }).subarray(0, 300), 'unexpected end of archive'],
    [
      'truncated content',
      Buffer.from(encodeTarHeader({ kind: 'file', path: 'b', ...plain, size: 3 })),
      'unexpected end of archive',
    ],
    ['something else', Buffer.from('x'.repeat(600)), 'invalid tar header'],
  ])('refuses %s', async (_, bytes, message) => {
    await expect(readTar(bytes)).rejects.toThrow(message);
  });

  it('refuses types that it does not know', async () => {
    const header = Buffer.from(encodeTarHeader({ kind: 'fifo', path: 'b', ...plain }));
    header[156] = 'D'.charCodeAt(0);
    writeChecksum(header);
    await expect(readTar(header)).rejects.toThrow('unsupported type "D" of "b" in a tar');
  });

  it.each(['gnu', 'oldgnu', 'posix', 'ustar', 'v7'])('reads what GNU tar writes as %s', async (format) => {
    const folder = mkdtempSync(join(tmpdir(), 'kiln-tar-'));
    try {
      const long = format === 'v7' || format === 'ustar' ? 'short' : 'l'.repeat(180);
      writeFileSync(join(folder, long), 'hello');
      const { stdout, status } = spawnSync('tar', ['-c', `--format=${format}`, '--mtime=@7', '-C', folder, '.']);
      expect(status).toBe(0);
      const [root, file] = await readTar(stdout);
      expect(root?.entry).toMatchObject({ kind: 'directory', path: '.' });
      expect(file?.entry).toMatchObject({ kind: 'file', path: `./${long}`, size: 5, mtimeNs: 7_000_000_000n });
      expect(file?.content).toBe('hello');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it.each([
    ['gnu', '1.0'],
    ['posix', '0.0'],
    ['posix', '0.1'],
    ['posix', '1.0'],
  ])('reads the sparse files that GNU tar writes as %s, version %s', async (format, version) => {
    const folder = mkdtempSync(join(tmpdir(), 'kiln-tar-'));
    try {
      const [ends, many] = [Buffer.alloc(1 << 20), Buffer.alloc(30 << 16)];
      ends.write('first', 0);
      ends.write('last', (1 << 20) - 4);
      for (let at = 0; at < many.length; at += 1 << 16) many.write(`part ${at}`, at);
      for (const [name, bytes] of [
        ['ends', ends],
        ['many', many],
        ['nothing', Buffer.alloc(1 << 17)],
      ] as const) {
        writeSparse(join(folder, name), bytes);
      }
      writeFileSync(join(folder, 'plain'), 'plain');
      const options = ['--sparse', `--format=${format}`, `--sparse-version=${version}`, '-C', folder];
      const { stdout, status } = spawnSync('tar', ['-c', ...options, 'ends', 'many', 'nothing', 'plain']);
      expect(status).toBe(0);
      expect(stdout.length).toBeLessThan(1 << 19);
      const found = await readTar(stdout);
      expect(found.map(({ entry }) => [entry.kind, entry.path, entry.kind === 'file' && entry.size])).toEqual([
        ['file', 'ends', 1 << 20],
        ['file', 'many', 30 << 16],
        ['file', 'nothing', 1 << 17],
        ['file', 'plain', 5],
      ]);
      const contents = found.map(({ content }) => Buffer.from(content, 'latin1'));
      expect(
        contents.map((content, at) => content.equals([ends, many, Buffer.alloc(1 << 17)][at] ?? Buffer.from('plain'))),
      ).toEqual([true, true, true, true]);
      expect((await new TarReader(chunksOf(stdout)).next())?.path).toBe('ends');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it.each([
    ['parts that overlap', '0,3,2,1'],
    ['parts that leave the file', '8,4'],
    ['less than is stored', '0,3'],
    ['half a pair', '0,4,9'],
    ['no numbers', '0,x'],
  ])('refuses a map of a sparse file with %s', async (_, map) => {
    const records = formatPaxRecords(
      new Map(
        Object.entries({ 'GNU.sparse.map': map, 'GNU.sparse.size': '10' }).map(([key, value]) => [
          key,
          Buffer.from(value),
        ]),
      ),
    );
    const extended = Buffer.from(encodeTarHeader({ kind: 'file', path: 'x', ...plain, size: records.length }));
    extended[156] = 'x'.charCodeAt(0);
    writeChecksum(extended);
    const file = { kind: 'file', path: 'b', ...plain, size: 4 } as const;
    const bytes = Buffer.concat([
      extended,
      records,
      new Uint8Array(tarPadding(records.length)),
      tarOf({ entry: file, content: Buffer.from('abcd') }),
    ]);
    await expect(readTar(bytes)).rejects.toThrow('map of a sparse file');
  });
});

/** As it would be with holes where there are zeros, in blocks. */
function writeSparse(path: string, bytes: Uint8Array): void {
  const file = openSync(path, 'w');
  for (let at = 0; at < bytes.length; at += 4096) {
    const block = bytes.subarray(at, at + 4096);
    if (block.some((byte) => byte !== 0)) writeSync(file, block, 0, block.length, at);
  }
  ftruncateSync(file, bytes.length);
  closeSync(file);
}

function writeChecksum(header: Buffer): void {
  header.write('        ', 148, 'latin1');
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
}

describe('encodeTarHeader', () => {
  it('writes what others read', async () => {
    const written: TarEntry[] = [
      { kind: 'directory', path: `${'d'.repeat(90)}/${'e'.repeat(60)}`, ...plain, mode: 0o1777 },
      { kind: 'symlink', path: 'ä', ...plain, target: 't'.repeat(120) },
      { kind: 'fifo', path: 'x'.repeat(300), ...plain, mtimeNs: 1_500_000_000_900_000_000n },
      { kind: 'character-device', path: 'null', ...plain, major: 1, minor: 3 },
    ];
    const seen: unknown[] = [];
    const reader = extract();
    reader.on('entry', (header, stream, next) => {
      seen.push([header.type, header.name, header.linkname, header.mode, header.mtime.getTime()]);
      stream.resume();
      next();
    });
    reader.end(tarOf(...written));
    await once(reader, 'finish');
    expect(seen).toEqual([
      ['directory', `${'d'.repeat(90)}/${'e'.repeat(60)}/`, null, 0o1777, 0],
      ['symlink', 'ä', 't'.repeat(120), 0o644, 0],
      ['fifo', 'x'.repeat(300), null, 0o644, 1_500_000_000_000],
      ['character-device', 'null', null, 0o644, 0],
    ]);
  });

  it('needs one block where ustar is enough, also for long paths', () => {
    const header = encodeTarHeader({ kind: 'directory', path: `${'d'.repeat(150)}/${'e'.repeat(90)}`, ...plain });
    expect(header.length).toBe(512);
  });
});
