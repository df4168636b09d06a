import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { describe, expect, it } from 'vitest';
import { mediaTypes } from '../spec/media-type.ts';
import { parseDiffId } from '../spec/digest.ts';
import { digestBytes } from './hash.ts';
import { openContentStore } from './store.ts';
import { streamOf, TestStore } from './testing.ts';

const hello = digestBytes('hello');
const storeModule = join(import.meta.dirname, 'store.ts');

/** Runs a script with a store in another process; it says READY when it is where it should be, and then sleeps. */
async function otherProcess(root: string, script: string): Promise<AsyncDisposable & { kill: () => Promise<void> }> {
  const code = `import { openContentStore } from ${JSON.stringify(storeModule)};
    const store = openContentStore(${JSON.stringify(root)});
    ${script}
    process.stdout.write('READY'); setInterval(() => {}, 1000);`;
  const child = spawn(
    process.execPath,
    ['--input-type=module-typescript', '--disable-warning=ExperimentalWarning', '-e', code],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  await once(child.stdout, 'data');
  const kill = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  };
  return { kill, [Symbol.asyncDispose]: kill };
}

describe('ContentStore', () => {
  it('is an OCI layout that nobody else can read', () => {
    using test = new TestStore();
    expect(JSON.parse(readFileSync(join(test.store.root, 'oci-layout'), 'utf8'))).toEqual({
      imageLayoutVersion: '1.0.0',
    });
    expect(JSON.parse(readFileSync(join(test.store.root, 'index.json'), 'utf8'))).toMatchObject({ manifests: [] });
    expect(statSync(test.store.root).mode & 0o777).toBe(0o700);
    test.store.images.list();
    expect(statSync(join(test.store.root, 'kiln.db')).mode & 0o777).toBe(0o600);
  });

  it('keeps blobs by digest', () => {
    using test = new TestStore();
    expect(test.store.hasBlob(hello)).toBe(false);
    expect(test.store.writeBlob('hello')).toEqual({ digest: hello, size: 5 });
    expect(test.store.readBlob(hello).toString()).toBe('hello');
    expect(test.store.blobPath(hello)).toBe(join(test.store.root, 'blobs', hello.replace(':', '/')));
    expect(test.store.blobs.size(hello)).toBe(5);
  });

  it('does not have what nobody wrote', () => {
    using test = new TestStore();
    expect(() => test.store.readBlob(hello)).toThrow(`the store does not have ${hello}`);
    expect(() => test.store.blobs.stream(hello)).toThrow(`the store does not have ${hello}`);
  });

  it('notices that a blob was changed', () => {
    using test = new TestStore();
    test.store.writeBlob('hello');
    writeFileSync(test.store.blobPath(hello), 'hullo');
    expect(() => test.store.readBlob(hello)).toThrow(`the store is damaged: ${hello} is not what it was`);
  });

  it('never lets a digest lead out of its directory', () => {
    using test = new TestStore();
    expect(() => test.store.blobs.path(`sha256:../../${'a'.repeat(58)}`)).toThrow('invalid checksum digest format');
  });

  it('writes streams, and keeps nothing of those that fail', async () => {
    using test = new TestStore();
    const { blobs } = test.store;
    const bytes = Buffer.alloc(300_000, 'x');
    const digest = digestBytes(bytes);
    await expect(blobs.write({ digest: hello }, streamOf(bytes))).rejects.toThrow(
      `content does not have digest ${hello}: it has ${digest}`,
    );
    await expect(blobs.write({ digest, size: 7 }, streamOf(bytes))).rejects.toThrow(
      `content of ${digest} does not have 7 bytes: it has more than 7`,
    );
    await expect(blobs.write({ size: 300_001 }, streamOf(bytes))).rejects.toThrow('it has 300000');
    expect(blobs.has(digest)).toBe(false);
    expect(readdirSync(join(test.store.root, 'tmp')).filter((name) => !name.endsWith('.lock'))).toHaveLength(1);
    expect(await blobs.write({ digest, size: 300_000 }, streamOf(bytes))).toEqual({ digest, size: 300_000 });
    expect(blobs.read(digest).equals(bytes)).toBe(true);
    const [folder = ''] = readdirSync(join(test.store.root, 'tmp')).filter((name) => !name.endsWith('.lock'));
    expect(readdirSync(join(test.store.root, 'tmp', folder))).toEqual([]);
  });

  it('takes digests of other algorithms', async () => {
    using test = new TestStore();
    const digest = `sha512:${Buffer.from(await crypto.subtle.digest('SHA-512', Buffer.from('hello'))).toString('hex')}`;
    await test.store.blobs.write({ digest }, streamOf(Buffer.from('hello')));
    expect(test.store.blobs.read(digest).toString()).toBe('hello');
  });

  it('removes what a killed process left, but not what a living one is writing', async () => {
    using test = new TestStore();
    const temporary = join(test.store.root, 'tmp');
    const script = `await store.blobWriter().write(Buffer.from('half'));`;
    await using first = await otherProcess(test.store.root, script);
    await using second = await otherProcess(test.store.root, script);
    expect(readdirSync(temporary)).toHaveLength(4);
    await first.kill();
    openContentStore(test.store.root)[Symbol.dispose]();
    expect(readdirSync(temporary)).toHaveLength(2);
    await second.kill();
    openContentStore(test.store.root)[Symbol.dispose]();
    expect(readdirSync(temporary)).toEqual([]);
  });

  it('writes the index that a killed process was about to write', async () => {
    using test = new TestStore();
    const target = { mediaType: mediaTypes.oci.manifest, digest: hello, size: 5 };
    const row = `['docker.io/library/late:latest', ${JSON.stringify(JSON.stringify(target))}, 1]`;
    {
      await using child = await otherProcess(
        test.store.root,
        `store.temporaryPath();
        store.images.list();
        store.database.run('insert into images values (?, ?, ?)', ...${row});`,
      );
      await child.kill();
    }
    expect(readFileSync(join(test.store.root, 'index.json'), 'utf8')).not.toContain('late');
    using store = openContentStore(test.store.root);
    expect(store.images.indexDiffers()).toBe(false);
    expect(readFileSync(join(test.store.root, 'index.json'), 'utf8')).toContain('docker.io/library/late:latest');
  });

  it('removes the locks of a killed process, but not those of a living one', async () => {
    using test = new TestStore();
    await using other = await otherProcess(test.store.root, `globalThis.held = await store.lockKey('a');`);
    const held = await test.store.lockKey('b');
    await other.kill();
    openContentStore(test.store.root)[Symbol.dispose]();
    expect(readdirSync(join(test.store.root, 'locks'))).toHaveLength(1);
    await held[Symbol.asyncDispose]();
    expect(readdirSync(join(test.store.root, 'locks'))).toEqual([]);
  });

  it('says that it cannot be where it should', () => {
    expect(() => openContentStore('/etc/passwd/store')).toThrow(/^cannot write to the store at .*: not a directory$/);
  });

  it('leaves nothing when it is closed', () => {
    using test = new TestStore();
    using other = openContentStore(test.store.root);
    const path = other.temporaryPath();
    writeFileSync(path, '');
    other[Symbol.dispose]();
    expect(existsSync(path)).toBe(false);
    expect(readdirSync(join(test.store.root, 'tmp'))).toEqual([]);
  });

  it('remembers the blobs of a layer as long as it has them', () => {
    using test = new TestStore();
    const { layers } = test.store;
    const diffId = parseDiffId(digestBytes('layer'));
    const descriptor = { mediaType: mediaTypes.oci.layer.gzip, ...test.store.writeBlob('blob') };
    layers.set(diffId, 'gzip', descriptor);
    expect(layers.get(diffId, 'gzip')).toEqual(descriptor);
    expect(layers.get(diffId, 'zstd')).toBeUndefined();
    test.store.blobs.remove(descriptor.digest);
    expect(layers.list(diffId)).toEqual([]);
  });
});

describe('lockKey', () => {
  it('lets one in after the other', async () => {
    using test = new TestStore();
    const order: string[] = [];
    const work = async (name: string): Promise<void> => {
      const lock = await test.store.lockKey('key');
      order.push(`${name} in`);
      await new Promise((resolve) => setImmediate(resolve));
      order.push(`${name} out`);
      await lock[Symbol.asyncDispose]();
    };
    await Promise.all([work('a'), work('b'), work('c')]);
    expect(order).toEqual(['a in', 'a out', 'b in', 'b out', 'c in', 'c out']);
    expect(readdirSync(join(test.store.root, 'locks'))).toEqual([]);
  });

  it('has a lock for each key', async () => {
    using test = new TestStore();
    const locks = [await test.store.lockKey('a'), await test.store.lockKey('b')];
    expect(test.store.tryLockKey('a')).toBeUndefined();
    for (const lock of locks) await lock[Symbol.asyncDispose]();
    await test.store.tryLockKey('a')?.[Symbol.asyncDispose]();
  });

  it('waits for another process until that is killed', async () => {
    using test = new TestStore();
    await using other = await otherProcess(test.store.root, `globalThis.held = await store.lockKey('key');`);
    const waiting = test.store.lockKey('key');
    expect(await Promise.race([waiting, new Promise((resolve) => setTimeout(resolve, 60, 'still'))])).toBe('still');
    await other.kill();
    await (await waiting)[Symbol.asyncDispose]();
  });

  it('can be given up, and others still get it', async () => {
    using test = new TestStore();
    const held = await test.store.lockKey('key');
    const stop = new AbortController();
    const given = test.store.lockKey('key', stop.signal);
    const next = test.store.lockKey('key');
    stop.abort(new Error('no more'));
    await expect(given).rejects.toThrow('no more');
    await held[Symbol.asyncDispose]();
    await (await next)[Symbol.asyncDispose]();
  });
});
