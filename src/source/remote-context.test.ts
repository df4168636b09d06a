import { execFileSync, spawnSync } from 'node:child_process';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openContentStore } from '../content/store.ts';
import type { ContentStore } from '../content/store.ts';
import { HttpClient } from '../registry/http-client.ts';
import { startServer } from '../registry/testing/odd-server.ts';
import { isContextArchive } from './context-kind.ts';
import { fetchHttpContext, readStreamContext } from './remote-context.ts';
import type { RemoteContext } from './remote-context.ts';

const isRoot = process.getuid?.() === 0;
const dockerfile = Buffer.from('FROM scratch\n');
let root: string;
let store: ContentStore;

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'kiln-context-'));
  mkdirSync(join(root, 'in/sub'), { recursive: true });
  writeFileSync(join(root, 'in/Dockerfile'), dockerfile);
  writeFileSync(join(root, 'in/sub/run'), 'x', { mode: 0o755 });
  store = openContentStore(join(root, 'store'));
});

afterAll(() => {
  store[Symbol.dispose]();
  rmSync(root, { recursive: true });
});

function tar(...args: readonly string[]): Buffer {
  return execFileSync('tar', ['-C', join(root, 'in'), '--owner=7', '--group=8', '-c', ...args, '.']);
}

function read(...chunks: readonly Uint8Array[]): Promise<RemoteContext> {
  return readStreamContext(Readable.from(chunks), { store });
}

describe.skipIf(!isRoot)(`As root${isRoot ? '' : ' (skipped: owners need it)'}`, () => {
  test.each([['--no-auto-compress'], ['--gzip'], ['--bzip2'], ['--xz'], ['--zstd']])(
    'a tar made with %s is a context, in which files belong to whom it says',
    async (option) => {
      if (spawnSync(option.slice(2), ['--version']).error && option !== '--no-auto-compress') return;
      const bytes = tar(option);
      const context = await read(bytes.subarray(0, 3), bytes.subarray(3));
      expect(context.kind).toBe('tree');
      expect(readdirSync(context.directory).sort()).toEqual(['Dockerfile', 'sub']);
      const { mode, uid, gid } = lstatSync(join(context.directory, 'sub/run'));
      expect([mode & 0o7777, uid, gid]).toEqual([0o755, 7, 8]);
    },
  );

  test('an archive from the web is a context', async () => {
    await using server = await startServer((_, response) => response.end(tar('--gzip')));
    using client = new HttpClient({ env: {}, userAgent: 'kiln-test' });
    const context = await fetchHttpContext(`http://${server.domain}/a.tar.gz`, { store, client });
    expect(context.kind).toBe('tree');
    expect(readFileSync(join(context.directory, 'Dockerfile'))).toEqual(dockerfile);
  });

  test('what would leave the directory stays in it', async () => {
    const bytes = execFileSync('tar', ['-C', join(root, 'in/sub'), '--transform=s,^run,../../out,', '-cP', 'run']);
    const context = await read(bytes);
    expect(existsSync(join(context.directory, '../../out'))).toBe(false);
    expect(readdirSync(context.directory)).toEqual(['out']);
  });
});

test('What is no archive is a Dockerfile without a context', async () => {
  const context = await read(dockerfile.subarray(0, 4), dockerfile.subarray(4));
  expect(context).toMatchObject({ kind: 'dockerfile', dockerfile });
  expect(readdirSync(context.directory)).toEqual([]);
});

test('A Dockerfile from the web is one that its context has', async () => {
  await using server = await startServer((_, response) => response.end(dockerfile));
  using client = new HttpClient({ env: {}, userAgent: 'kiln-test' });
  const context = await fetchHttpContext(`http://${server.domain}/Dockerfile`, { store, client });
  expect(context).toMatchObject({ kind: 'dockerfile', dockerfile });
  expect(readdirSync(context.directory)).toEqual(['context']);
});

test('An archive that is broken is an error, and leaves nothing', async () => {
  const whole = tar('--gzip');
  const before = readdirSync(store.temporaryPath().replace(/\d+$/, '')).length;
  await expect(read(whole.subarray(0, whole.length >> 1))).rejects.toMatchObject({ code: 'source/context-broken' });
  expect(readdirSync(store.temporaryPath().replace(/\d+$/, '')).length).toBe(before);
});

test('What is endless and no archive is an error', async () => {
  const block = Buffer.alloc(1 << 20, 'x');
  await expect(read(...Array.from({ length: 17 }, () => block))).rejects.toMatchObject({ code: 'source/too-large' });
});

test.each([
  ['nothing', Buffer.alloc(0), false],
  ['a Dockerfile', dockerfile, false],
  ['zeros', Buffer.alloc(1024), false],
  ['gzip', Buffer.from([0x1f, 0x8b, 8]), true],
  ['half a magic', Buffer.from([0x1f, 0x8b]), false],
])('Of %s, it is known what it is', (_, bytes, expected) => {
  expect(isContextArchive(bytes)).toBe(expected);
});
