import { appendFileSync, existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { build, canBuild, newContext, newStore, run, runKiln, startKiln, useBuildRig } from '../build/build-rig.ts';

const context = () =>
  newContext({
    Dockerfile: `
      FROM busybox AS made
      RUN --mount=type=cache,target=/cache dd if=/dev/zero of=/cache/blob bs=1k count=100 && echo one > /one
      RUN for i in $(seq 200); do echo $i > /file$i; done && ln /one /two
      FROM busybox
      COPY --from=made --link /one /one
      COPY Dockerfile /Dockerfile
      RUN test -f /Dockerfile`,
  });

/** A store with an image with a name, built from `busybox`, and some build cache besides. */
function filledStore(): { readonly store: string; readonly folder: string } {
  const [store, folder] = [newStore(), context()];
  expect(runKiln(['build', '-t', 'app', folder], { store }).code).toBe(0);
  return { store, folder };
}

interface Usage {
  readonly records: readonly {
    readonly id: string;
    readonly type: string;
    readonly description: string;
    readonly size: number;
    readonly reclaimable: boolean;
  }[];
  readonly totals: { readonly total: number; readonly reclaimable: number };
}

function usage(store: string, flags: readonly string[] = []): Usage {
  const { out, err } = runKiln(['du', '--format', 'json', ...flags], { store });
  expect(err).toBe('');
  return JSON.parse(out) as Usage;
}

function duOf(...paths: readonly string[]): number {
  return Number(/(\d+)\ttotal\n$/.exec(run('du', ['-s', '-c', '--block-size=1', ...paths]))?.[1]);
}

const check = (store: string, ...flags: readonly string[]) =>
  runKiln(['store', 'check', '--deep', ...flags], { store });

describe.skipIf(!canBuild)('kiln du', () => {
  useBuildRig();

  it('says what du says, of all and of each part', () => {
    const { store } = filledStore();
    // The first time, it writes down what it has measured.
    usage(store);
    const { records, totals } = usage(store);
    expect(totals.total).toBe(duOf(store));
    const sizes = (type: string) =>
      records.filter((record) => record.type === type).reduce((sum, { size }) => sum + size, 0);
    const parts = (directory: string) =>
      readdirSync(join(store, directory)).map((name) => join(store, directory, name));
    expect(sizes('regular')).toBe(duOf(...parts('snapshots')));
    expect(sizes('exec.cachemount')).toBe(duOf(...parts('caches')));
    expect(sizes('image') + sizes('blob')).toBe(duOf(...parts('blobs/sha256')));
  });

  it('names steps and images, and shows what filters say', () => {
    const { store } = filledStore();
    const { records } = usage(store);
    const described = records.map(({ type, description }) => `${type}: ${description}`);
    expect(described).toEqual(
      expect.arrayContaining(['image: app:latest', 'image: busybox:latest', 'exec.cachemount: //cache']),
    );
    expect(described.some((text) => text.startsWith('regular: [made 3/3] RUN for i in'))).toBe(true);
    expect(
      usage(store, ['--filter', 'type=image'])
        .records.map(({ description }) => description)
        .sort(),
    ).toEqual(['app:latest', 'busybox:latest']);
    expect(runKiln(['du', '--filter', 'typ=image'], { store }).err).toContain('did you mean type?');
  });
});

describe.skipIf(!canBuild)('kiln prune', () => {
  useBuildRig();

  it('keeps what images with names are made of, without --all', () => {
    const { store, folder } = filledStore();
    const asked = runKiln(['prune'], { store });
    expect(asked).toMatchObject({ code: 0, out: '' });
    expect(asked.err).toMatch(/Are you sure you want to continue\? \[y\/N\] $/);
    const { out } = runKiln(['prune', '--force'], { store });
    expect(out).toContain('RUN for i in');
    expect(out).toMatch(/\nTotal: \d/);
    expect(build(folder, [], { store }).ran.filter((name) => name.startsWith('[made'))).toHaveLength(2);
    expect(check(store)).toMatchObject({ code: 0, err: '' });
  });

  it('with --all gives back what du calls reclaimable, and leaves images whole', () => {
    const { store } = filledStore();
    usage(store);
    const before = usage(store).totals;
    runKiln(['prune', '-a', '-f'], { store });
    const after = usage(store);
    expect(after.records.filter(({ reclaimable }) => reclaimable)).toEqual([]);
    // The database may have grown, or not.
    expect(Math.abs(before.total - before.reclaimable - after.totals.total)).toBeLessThan(200_000);
    expect(check(store).out).toContain('2 images: nothing is damaged');
    const images = run('skopeo', ['inspect', `oci:${store}:latest`, '--format', '{{.Os}}']);
    expect(images.trim()).toBe('linux');
  });

  it('removes blobs after kiln rmi, and only those that no other image has', () => {
    const { store } = filledStore();
    expect(runKiln(['rmi', 'app'], { store }).out).toMatch(/^Untagged: app:latest\nUnused: sha256:/);
    runKiln(['prune', '-a', '-f'], { store });
    const { out } = runKiln(['images', '--quiet'], { store });
    expect(out).toBe('busybox:latest\n');
    expect(readdirSync(join(store, 'blobs/sha256'))).toHaveLength(3);
    expect(check(store)).toMatchObject({ code: 0, err: '' });
  });

  it('removes no more than it takes', () => {
    const { store } = filledStore();
    const total = usage(store).totals.total;
    runKiln(['prune', '-a', '-f', '--max-used-space', String(total - 1)], { store });
    const after = usage(store).totals;
    expect(after.reclaimable).toBeGreaterThan(0);
    expect(runKiln(['prune', '--force', '--filter', 'until=24h'], { store }).out).toBe('Total: 0B\n');
  });

  it('may be killed at any moment, and the next one finishes', { timeout: 300_000 }, async () => {
    const { store, folder } = filledStore();
    for (let round = 0; round < 8; round++) {
      const { child, ended } = startKiln(['prune', '-a', '-f'], { store });
      await new Promise((done) => setTimeout(done, 40 + round * 20));
      child.kill('SIGKILL');
      await ended;
      const { out } = check(store);
      expect(out.split('\n').filter((line) => !/^(?:leftover: .*|checked .*|)$/.test(line))).toEqual([]);
      expect(runKiln(['build', '-t', 'app', folder], { store }).code).toBe(0);
    }
    runKiln(['prune', '-a', '-f'], { store });
    expect(check(store)).toMatchObject({ code: 0, err: '' });
    expect(readdirSync(join(store, 'snapshots'))).toEqual([]);
    expect(readdirSync(join(store, 'tmp'))).toEqual([]);
  });
});

describe.skipIf(!canBuild)('After a build', () => {
  useBuildRig();

  it('the store is cleaned if it is over KILN_MAX_STORAGE, and not if that is off', () => {
    const [store, folder] = [newStore(), context()];
    const names = () => (existsSync(join(store, 'snapshots')) ? readdirSync(join(store, 'snapshots')) : []);
    expect(runKiln(['build', folder], { store, env: { KILN_MAX_STORAGE: '1MB', KILN_GC: '0' } }).code).toBe(0);
    expect(names()).not.toEqual([]);
    expect(runKiln(['build', '--no-cache', folder], { store, env: { KILN_MAX_STORAGE: '1MB' } }).code).toBe(0);
    expect(names()).toEqual([]);
  });

  it('nothing is said but at the beginning, if a limit is no size', () => {
    const { code, err } = runKiln(['build', context()], { store: newStore(), env: { KILN_MAX_STORAGE: 'much' } });
    expect(code).not.toBe(0);
    expect(err).toContain('KILN_MAX_STORAGE: much is no size');
  });
});

describe.skipIf(!canBuild)('kiln store check', () => {
  useBuildRig();

  it('finds nothing wrong with a store that is right', () => {
    const { store } = filledStore();
    expect(check(store)).toMatchObject({ code: 0, err: '' });
  });

  it('names all damage, repairs it, and the image can be built again', () => {
    const { store, folder } = filledStore();
    const { records } = usage(store);
    const chain = records.find(({ description }) => description.includes('RUN for i in'))?.id ?? '';
    const [image] = JSON.parse(runKiln(['images', 'app', '--format', 'json'], { store }).out) as [{ imageId: string }];
    appendFileSync(join(store, 'blobs/sha256', image.imageId.slice('sha256:'.length)), ' ');
    const layer = directoryWith(store, 'file1');
    rmSync(join(layer, 'file7'));
    rmSync(join(directoryWith(store, 'Dockerfile'), '..'), { recursive: true });
    mkdirSync(join(store, 'snapshots/zzz/fs'), { recursive: true });
    mkdirSync(join(store, 'tmp/dead'), { recursive: true });
    writeFileSync(join(store, 'blobs/sha256/stray'), 'x');

    const kinds = ({ out }: { readonly out: string }) =>
      [...new Set(out.split('\n').flatMap((line) => /^([a-z]+-?[a-z]+): /.exec(line)?.[1] ?? []))].sort();
    const found = check(store);
    expect(found.code).toBe(1);
    expect(found.out).toContain(`layer-changed: ${chain}: [made 3/3] RUN for i in`);
    const all = ['blob-corrupt', 'image-incomplete', 'layer-changed', 'layer-missing', 'leftover', 'stray-file'];
    expect(kinds(found)).toEqual(all);
    const repaired = check(store, '--repair');
    expect([repaired.code, kinds(repaired)]).toEqual([0, all]);
    expect(check(store)).toMatchObject({ code: 0, err: '' });
    expect(runKiln(['images', '-q'], { store }).out).toBe('busybox:latest\n');
    expect(runKiln(['build', '-t', 'app', folder], { store }).code).toBe(0);
    expect(statSync(join(directoryWith(store, 'file1'), 'file7')).isFile()).toBe(true);
    expect(check(store)).toMatchObject({ code: 0, err: '' });
  });

  it.each(['not a database, whatever it was', ''])('makes a database anew that is %j', (content) => {
    const { store, folder } = filledStore();
    const before = runKiln(['images', '-q'], { store }).out;
    writeFileSync(join(store, 'kiln.db'), content);
    const { code, out } = check(store, '--repair');
    expect([code, runKiln(['images', '-q'], { store }).out]).toEqual([0, before]);
    expect(out).toMatch(/made anew, with 2 names of images|written again, with 2 of its names/);
    expect(runKiln(['build', '-t', 'app', folder], { store }).code).toBe(0);
    expect(check(store)).toMatchObject({ code: 0, err: '' });
  });

  it.each(['kiln.db', 'kiln.db-wal', 'kiln.db-shm'])('makes it anew where %s is no file', (name) => {
    const { store } = filledStore();
    const before = runKiln(['images', '-q'], { store }).out;
    rmSync(join(store, name), { force: true });
    mkdirSync(join(store, name, 'inside'), { recursive: true });
    const found = check(store);
    expect(found.code).toBe(1);
    expect(found.out + found.err).toContain(`${name} is no file`);
    expect(check(store, '--repair').out).toContain('made anew, with 2 names of images');
    expect(runKiln(['images', '-q'], { store }).out).toBe(before);
    expect(check(store)).toMatchObject({ code: 0, err: '' });
  });
});

/** The directory of the layer that has a file at its top. */
function directoryWith(store: string, file: string): string {
  const names = readdirSync(join(store, 'snapshots')).map((name) => join(store, 'snapshots', name, 'fs'));
  const found = names.find((path) => existsSync(join(path, file)));
  if (found === undefined) throw new Error(`no layer has ${file}`);
  return found;
}
