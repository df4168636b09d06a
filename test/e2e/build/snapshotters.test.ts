import { createHash } from 'node:crypto';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { temporaryFolder } from '../kiln.ts';
import {
  build,
  cannotBuild,
  hasProgram,
  isRoot,
  newContext,
  newStore,
  program,
  run,
  runKiln,
  useBuildRig,
} from './build-rig.ts';

/** Files that come, go and change in all ways that a layer has to tell. */
const dockerfile = `
FROM busybox AS made
RUN mkdir -p /data/old /data/kept && echo 1 > /data/old/a && echo 2 > /data/kept/b && ln /data/kept/b /data/kept/c
FROM busybox
WORKDIR /app
COPY --chown=65534:50 --chmod=4750 files ./
COPY --from=made /data /data
RUN rm -r /data/old && mkdir /data/old && echo again > /data/old/new && rm /etc/group && rm -r /home
RUN mv /app/a /app/moved && ln -s /data /home && chmod 600 /app/sub/b && chown 7:8 /data/kept && touch -d @1 /etc
RUN --mount=type=bind,from=made,source=/data,target=/data/old,rw echo x > /data/old/x && rm /data/old/kept/b && rm -r /app/sub
RUN mkfifo /app/fifo && ${isRoot ? 'mknod /app/null c 1 3' : 'true'} && dd if=/dev/zero of=/app/sparse bs=1M count=0 seek=3
`;

const files = { Dockerfile: dockerfile, 'files/a': 'a\n', 'files/sub/b': 'b\n' };
const reproducible = { SOURCE_DATE_EPOCH: '1000' };
const warning = (store: string, reason: string) =>
  `WARN: overlayfs cannot be used in ${store} (${reason}): file systems are copied, which is slower\n`;

function digestOf(context: string, store: string, env: Readonly<Record<string, string>>) {
  const archive = join(temporaryFolder(), 'image.tar');
  const output = `type=oci,rewrite-timestamp=true,dest=${archive}`;
  const args = ['build', '--progress', 'plain', '--no-cache', '-o', output, context];
  const { code, err } = runKiln(args, { store, env: { ...reproducible, ...env } });
  expect({ code, err }).toMatchObject({ code: 0 });
  return { digest: createHash('sha256').update(readFileSync(archive)).digest('hex'), err };
}

/** A directory on an overlayfs, which cannot be what another writes to. */
function overlayFolder(): string {
  const place = temporaryFolder();
  const mounted = (target: string, ...options: readonly string[]) => {
    run('mount', [...options, target]);
    onTestFinished(() => {
      run('umount', ['-l', target]);
    });
  };
  mounted(place, '-t', 'tmpfs', 'tmpfs');
  for (const name of ['lower', 'upper', 'work', 'merged']) mkdirSync(join(place, name));
  const options = ['lowerdir', 'upperdir', 'workdir'].map((name) => `${name}=${join(place, name.slice(0, -3))}`);
  mounted(join(place, 'merged'), '-t', 'overlay', 'overlay', '-o', options.join(','));
  return join(place, 'merged');
}

describe.skipIf(cannotBuild !== '')(`a build whose file systems are copied${cannotBuild}`, () => {
  useBuildRig();

  it('makes the image that is made with overlayfs, and says nothing if it was told to copy', () => {
    const context = newContext(files);
    const mounted = digestOf(context, newStore(), { KILN_SNAPSHOTTER: 'overlay' });
    const copied = digestOf(context, newStore(), { KILN_SNAPSHOTTER: 'copy' });
    expect(copied.digest).toBe(mounted.digest);
    expect(copied.err).not.toContain('WARN');
  });

  it.skipIf(!isRoot)(
    'happens by itself where overlayfs cannot be had, with a warning, and makes the same image',
    () => {
      const context = newContext(files);
      const store = join(overlayFolder(), 'store');
      cpSync(newStore(), store, { recursive: true });
      const copied = digestOf(context, store, {});
      expect(copied.err.split(warning(store, 'EINVAL'))).toHaveLength(2);
      expect(copied.digest).toBe(digestOf(context, newStore(), {}).digest);
      expect(copied.digest).toBe(digestOf(context, store, {}).digest);
    },
  );

  it('shares its results with those that mount: neither runs what the other has run', () => {
    const [context, store] = [newContext(files), newStore()];
    expect(build(context, [], { store, env: { KILN_SNAPSHOTTER: 'copy' } }).ran).not.toEqual([]);
    expect(build(context, [], { store, env: { KILN_SNAPSHOTTER: 'overlay' } }).ran).toEqual([]);
    const more = newContext({ ...files, Dockerfile: `${dockerfile}RUN rm /app/moved && cat /data/old/new\n` });
    expect(build(more, [], { store, env: { KILN_SNAPSHOTTER: 'overlay' } }).ran).toEqual([
      '[stage-1 9/9] RUN rm /app/moved && cat /data/old/new',
    ]);
  });

  it.skipIf(!isRoot || !hasProgram('capsh'))(
    'is not needed by a root that may not mount, but make a user namespace',
    () => {
      const [store, out] = [newStore(), join(temporaryFolder(), 'out')];
      const context = newContext({
        Dockerfile: 'FROM busybox\nCOPY --chown=5:6 a /a\nRUN stat -c %u:%g /a > /b\n',
        a: 'a',
      });
      const words = [process.execPath, program, 'build', '--progress', 'plain', '-o', out, context];
      const { status, stderr } = spawnSync(
        'capsh',
        ['--drop=cap_sys_admin', '--', '-c', 'exec "$@"', 'kiln', ...words],
        {
          encoding: 'utf8',
          env: { PATH: process.env['PATH'], KILN_ROOT: store },
        },
      );
      expect({ status, stderr }).toMatchObject({ status: 0 });
      expect(stderr).not.toContain('WARN');
      expect(readFileSync(join(out, 'b'), 'utf8')).toBe('5:6\n');
    },
  );

  it('is not made if there is no such snapshotter', () => {
    const { code, err } = runKiln(['build', newContext(files)], {
      store: newStore(),
      env: { KILN_SNAPSHOTTER: 'zfs' },
    });
    expect(code).toBe(1);
    expect(err).toContain(
      'error: failed to solve: there is no snapshotter "zfs"\n  = help: KILN_SNAPSHOTTER is overlay or copy; leave it out for what the machine can do\n',
    );
  });
});
