import { lstatSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { canBuild, newContext, newStore, runKiln, useBuildRig } from './build-rig.ts';

useBuildRig();

const copies = 'FROM busybox\nWORKDIR /app\nCOPY a.txt folder /app/\nCOPY b.txt .\n';
const files = { Dockerfile: copies, 'a.txt': 'a', 'b.txt': 'b', 'folder/c.txt': 'c' };

describe.skipIf(!canBuild)('layers of files that nobody looked at', () => {
  it('are nothing but blobs, and become files when a step wants them', () => {
    const store = newStore();
    const context = newContext({
      ...files,
      more: `${copies}RUN test "$(cat a.txt b.txt c.txt)" = abc && test "$(pwd)" = /app && echo done > d.txt\n`,
    });
    build(store, ['-t', 'first', context]);
    // Only that of the base image.
    expect(readdirSync(join(store, 'snapshots'))).toHaveLength(1);
    const { err } = build(store, ['--progress=plain', '-f', join(context, 'more'), '-t', 'second', context]);
    expect(err.match(/^#[0-9]+ CACHED$/gm)).toHaveLength(5);
    expect(readdirSync(join(store, 'snapshots'))).toHaveLength(5);
  });

  it('give the same files as if they had been made', () => {
    const store = newStore();
    const context = newContext(files);
    // The files themselves are wanted here, so they are made.
    const made = listing(newStore(), context);
    build(store, ['-t', 'first', context]);
    expect(listing(store, context)).toBe(made);
  });

  it('are compressed for the output that wants them, whatever they were before', () => {
    const store = newStore();
    const context = newContext(files);
    build(store, ['-o', 'type=cacheonly', context]);
    const output = (name: string, options: string): number => {
      const path = join(context, `../${name}`);
      const { err } = build(store, ['--progress=plain', '-o', `type=oci,dest=${path},${options}`, context]);
      expect(err.match(/^#[0-9]+ CACHED$/gm)).toHaveLength(5);
      expect(runKiln(['load', '-i', path], { store: newStore() }).code).toBe(0);
      const { size } = lstatSync(path);
      rmSync(path);
      return size;
    };
    const [gzip, none] = [output('gzip.tar', 'compression=gzip'), output('none.tar', 'compression=uncompressed')];
    expect(gzip).toBeLessThan(none);
    expect(runKiln(['store', 'check'], { store }).code).toBe(0);
  });

  it('are made again if their blobs are lost', () => {
    const store = newStore();
    const context = newContext(files);
    const before = new Set(blobs(store));
    build(store, ['-o', 'type=cacheonly', context]);
    const made = blobs(store).filter((name) => !before.has(name));
    expect(made).toHaveLength(3);
    for (const name of made) rmSync(join(store, 'blobs/sha256', name));
    const check = runKiln(['store', 'check', '--repair'], { store });
    expect(check.out + check.err).toContain('neither a directory nor a blob');
    const { err } = build(store, ['--progress=plain', '-t', 'app', context]);
    expect(err).not.toContain('CACHED\n#');
    expect(runKiln(['store', 'check'], { store }).code).toBe(0);
  });

  it.each([
    {
      what: 'lost',
      harm: (path: string) => {
        rmSync(path);
      },
    },
    {
      what: 'empty',
      harm: (path: string) => {
        writeFileSync(path, '');
      },
    },
  ])('are made again if their blobs are $what and nobody has repaired the store', ({ harm }) => {
    const store = newStore();
    const context = newContext(files);
    const before = new Set(blobs(store));
    build(store, ['-o', 'type=cacheonly', context]);
    for (const name of blobs(store)) if (!before.has(name)) harm(join(store, 'blobs/sha256', name));
    const output = join(context, '../app.tar');
    build(store, ['-o', `type=oci,dest=${output}`, context]);
    expect(runKiln(['load', '-i', output], { store: newStore() }).code).toBe(0);
  });

  it('say how to do without them if their blobs are damaged', () => {
    const store = newStore();
    const context = newContext({ ...files, more: `${copies}RUN true\n` });
    const before = new Set(blobs(store));
    build(store, ['-o', 'type=cacheonly', context]);
    for (const name of blobs(store)) {
      const path = join(store, 'blobs/sha256', name);
      if (!before.has(name)) writeFileSync(path, Buffer.alloc(lstatSync(path).size, 0x5a));
    }
    for (const args of [
      ['-f', join(context, 'more'), context],
      ['-t', 'app', context],
    ]) {
      const { code, err } = runKiln(['build', ...args], { store });
      expect(code).toBe(1);
      expect(err).toMatch(/error: failed to solve: layer sha256:[0-9a-f]+ is damaged, in .*blobs\/sha256\/[0-9a-f]+: /);
      expect(err).toContain('= help: kiln store check --repair removes it; the step that it is of is run again then');
    }
    expect(runKiln(['store', 'check', '--repair'], { store }).code).toBe(0);
    build(store, ['-t', 'app', context]);
  });

  it('may be the same twice in a stage', () => {
    const store = newStore();
    const copy = 'COPY --link folder /a/\n';
    const context = newContext({
      ...files,
      Dockerfile: `FROM busybox\n${copy}RUN rm -r /a\n${copy}RUN test -f /a/c.txt\n`,
    });
    build(store, ['-t', 'app', context]);
    build(store, ['-o', `type=tar,dest=${join(context, '../app.tar')}`, context]);
  });

  it('keep their blobs as long as the step is kept', () => {
    const store = newStore();
    const context = newContext(files);
    build(store, ['-t', 'app', context]);
    expect(runKiln(['rmi', 'app'], { store }).code).toBe(0);
    expect(runKiln(['prune', '-f'], { store }).code).toBe(0);
    expect(runKiln(['store', 'check'], { store }).code).toBe(0);
    build(store, ['-t', 'app', context]);
    expect(runKiln(['rmi', 'app'], { store }).code).toBe(0);
    expect(runKiln(['prune', '-af'], { store }).code).toBe(0);
    expect(runKiln(['du'], { store }).out).not.toContain('COPY');
  });
});

function build(store: string, args: readonly string[]): { readonly err: string } {
  const { code, err } = runKiln(['build', ...args], { store });
  expect(err).not.toContain('ERROR');
  expect(code).toBe(0);
  return { err };
}

function blobs(store: string): readonly string[] {
  return readdirSync(join(store, 'blobs/sha256'));
}

/** What a build has put into /app. */
function listing(store: string, context: string): string {
  const destination = join(context, '../out');
  build(store, ['-o', `type=local,dest=${destination}`, context]);
  const lines = readdirSync(join(destination, 'app'), { recursive: true, encoding: 'utf8' }).sort();
  const text = lines.map((path) => {
    const { mode, mtimeMs, size } = lstatSync(join(destination, 'app', path));
    return `${path} ${mode.toString(8)} ${Math.floor(mtimeMs / 1000)} ${size}`;
  });
  rmSync(destination, { recursive: true });
  return text.join('\n');
}
