import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { chmodSync, chownSync, createWriteStream, existsSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { once } from 'node:events';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { finished } from 'node:stream/promises';
import { pack } from 'tar-stream';
import { describe, expect, it } from 'vitest';
import { temporaryFolder, type Outcome } from '../kiln.ts';
import { cannotBuild, isRoot, hasProgram, newContext, newStore, program, stepsRun, useBuildRig } from './build-rig.ts';

/* Builds of users who have no id besides their own, and of users who have many. */

/** Whom nobody has heard of, so that /etc/subuid grants nothing; or whoever runs the tests, who are kept from what it grants. */
const ordinary = isRoot ? { uid: 47_111, gid: 47_111 } : {};
/** Without newuidmap. */
const path = dirname(process.execPath);

/** A store and a folder for outputs of a user who is not root. */
function userPlace() {
  const [store, folder] = [newStore(), temporaryFolder()];
  for (const place of [store, dirname(store), folder]) chmodSync(place, 0o755);
  if (isRoot) {
    execFileSync('chown', ['-R', `${ordinary.uid}:${ordinary.gid}`, dirname(store)]);
    chownSync(folder, 47_111, 47_111);
  }
  return { store, folder };
}

function kiln(args: readonly string[], store: string): Outcome {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], {
    ...ordinary,
    env: { PATH: path, HOME: dirname(store), KILN_ROOT: store },
    encoding: 'utf8',
    cwd: '/',
  });
  return { code: status, out: stdout, err: stderr };
}

/** `MODE UID/GID SIZE-OR-DEVICE` by path, of a tar. */
function list(archive: string): Readonly<Record<string, string>> {
  const listing = execFileSync('tar', ['--numeric-owner', '-tvf', archive], { encoding: 'utf8' });
  const found: Record<string, string> = {};
  for (const [, status = '', file = ''] of listing.matchAll(/^(\S+ \d+\/\d+ +\S+) \S+ \S+ (.*?)\/?(?: -> .*)?$/gm)) {
    found[file] = status.replace(/ +/g, ' ');
  }
  return found;
}

function readableContext(files: Readonly<Record<string, string>>): string {
  const context = newContext(files);
  execFileSync('chmod', ['-R', 'a+rX', context]);
  return context;
}

describe.skipIf(cannotBuild !== '')(`kiln build of a user with a single id${cannotBuild}`, () => {
  useBuildRig();

  it('keeps the owners that COPY, WORKDIR and users of steps give, and says what it does not keep', () => {
    const { store, folder } = userPlace();
    const context = readableContext({
      Dockerfile: [
        'FROM busybox AS made',
        'COPY --chown=5:6 files /files',
        'RUN ln -s a /files/made && chown 7:8 /files/a && echo x >> /files/a && mkdir /work && chown nobody /work',
        'FROM busybox',
        'COPY --from=made /files /files',
        'COPY --chown=1000 files/a /work/a',
        'USER 1000:50',
        'WORKDIR /work/inner',
        'RUN id -u > user && mkdir d && ln -s user link && rm /work/a && touch /work/a /files/new',
        'USER 0',
        'RUN touch d/of-root && mv user renamed && rm -r d/of-root',
      ].join('\n'),
      'files/a': 'a',
    });
    const args = ['build', '--progress', 'plain', '-o', `type=tar,dest=${join(folder, 'out.tar')}`, context];
    const { code, err } = kiln(args, store);
    expect({ code, err }).toMatchObject({ code: 0 });
    expect(err.match(/warning: .*: files keep the owners that COPY and base images give them.*/g)).toHaveLength(1);
    expect(list(join(folder, 'out.tar'))).toMatchObject({
      files: 'drwxr-xr-x 0/0 0',
      'files/a': '-rw-r--r-- 5/6 3',
      'files/made': 'lrwxrwxrwx 0/0 0',
      'files/new': '-rw-r--r-- 1000/50 0',
      work: 'drwxr-xr-x 1000/1000 0',
      'work/a': '-rw-r--r-- 1000/50 0',
      'work/inner': 'drwxr-xr-x 1000/50 0',
      'work/inner/d': 'drwxr-xr-x 1000/50 0',
      'work/inner/link': 'lrwxrwxrwx 1000/50 0',
      'work/inner/renamed': '-rw-r--r-- 1000/50 5',
      bin: 'drwxr-xr-x 0/0 0',
    });
    expect(stepsRun(kiln(args, store).err)).toEqual([]);
  });

  it('does not build in a store whose files belong to other ids, and leaves it as it is', () => {
    const { store } = userPlace();
    const context = readableContext({ Dockerfile: 'FROM busybox\nRUN echo > /x\n' });
    expect(kiln(['build', context], store)).toMatchObject({ code: 0 });
    const other = spawnSync('unshare', ['--user', '--map-user=5', process.execPath, program, 'build', context], {
      ...ordinary,
      env: { PATH: `${path}:/usr/bin`, HOME: dirname(store), KILN_ROOT: store },
      encoding: 'utf8',
      cwd: '/',
    });
    expect(other.stderr).toContain(`the files in ${store} have owners that were not meant for this user`);
    expect(stepsRun(kiln(['build', '--progress', 'plain', context], store).err)).toEqual([]);
  });

  it('keeps devices, and the owners of links, of archives that are added and of base images', async () => {
    const { store, folder } = userPlace();
    const tar = pack();
    tar.entry({ name: 'disk', type: 'block-device', devmajor: 7, devminor: 300, mode: 0o660, uid: 0, gid: 6 });
    tar.entry({ name: 'null', type: 'character-device', devmajor: 1, devminor: 3, mode: 0o666, uid: 0, gid: 0 });
    tar.entry({ name: 'link', type: 'symlink', linkname: 'null', uid: 33, gid: 34 });
    tar.entry({ name: 'fifo', type: 'fifo', mode: 0o600, uid: 33, gid: 34 });
    tar.finalize();
    const context = readableContext({
      Dockerfile: 'FROM busybox\nADD files.tar /d/\nRUN rm /d/null; mv /d/disk /d/moved\n',
      'Dockerfile.next': 'FROM busybox AS other\nFROM from\nCOPY --from=from /d /e/\nRUN touch /d/x\n',
    });
    await finished(Readable.from(tar).pipe(createWriteStream(join(context, 'files.tar'))));
    expect(kiln(['build', '-t', 'from', '-o', 'type=image', context], store)).toMatchObject({ code: 0 });
    const args = ['build', '-f', join(context, 'Dockerfile.next'), '-o', `type=tar,dest=${join(folder, 'out.tar')}`];
    expect(kiln([...args, context], store)).toMatchObject({ code: 0 });
    const files = list(join(folder, 'out.tar'));
    for (const place of ['d', 'e']) {
      expect(files).toMatchObject({
        [`${place}/moved`]: 'brw-rw---- 0/6 7,300',
        [`${place}/link`]: 'lrwxrwxrwx 33/34 0',
        [`${place}/fifo`]: 'prw------- 33/34 0',
      });
    }
    expect(files).not.toHaveProperty('d/null');
  });

  it('gives files to the user, and keeps its store in the place that the user names', () => {
    const { store, folder } = userPlace();
    const context = readableContext({ Dockerfile: 'FROM scratch\nCOPY --chown=9:9 --chmod=600 Dockerfile /made\n' });
    const out = join(folder, 'files');
    const { status, stderr } = spawnSync(process.execPath, [program, 'build', '-o', out, context], {
      ...ordinary,
      env: { PATH: path, XDG_DATA_HOME: dirname(store) },
      encoding: 'utf8',
    });
    expect({ status, stderr }).toMatchObject({ status: 0 });
    const uid = ordinary.uid ?? process.getuid?.();
    expect(statSync(join(out, 'made'))).toMatchObject({ uid, mode: 0o100600 });
    expect(existsSync(join(dirname(store), 'kiln/index.json'))).toBe(true);
  });
});

const canMap = isRoot && hasProgram('unshare') && hasProgram('setpriv');
const why = canMap ? '' : ' (it takes root, unshare and setpriv to make it)';
/** Many ids, from another one on. */
const manyIds = '0 200000 65536';

/** Runs a script in a user namespace that root makes, where it is a user. The store becomes one of the root of there. */
async function inNamespace(script: string, args: readonly string[], { store, user }: Namespace): Promise<Outcome> {
  execFileSync('chown', ['-R', '200000:200000', dirname(store)]);
  chmodSync(dirname(store), 0o755);
  const become = `read go; exec setpriv --reuid=${user} --regid=${user} --clear-groups sh -c '${script}' - "$@"`;
  const child = spawn('unshare', ['--user', '--keep-caps', 'sh', '-c', `echo ready; ${become}`, '-', ...args], {
    env: { ...process.env, KILN_ROOT: store },
    cwd: '/',
  });
  const outcome = Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'exit') as Promise<[number | null]>,
  ]);
  await once(child.stdout, 'readable');
  for (const kind of ['uid', 'gid']) writeFileSync(`/proc/${child.pid}/${kind}_map`, manyIds);
  child.stdin.end('\n');
  const [out, err, [code]] = await outcome;
  return { code, out, err };
}

interface Namespace {
  readonly store: string;
  readonly user: number;
}

describe.skipIf(!canMap || cannotBuild !== '')(`kiln build in a user namespace${why}${cannotBuild}`, () => {
  useBuildRig();

  it('with many ids keeps every owner, also those that are not among them', async () => {
    const store = newStore();
    const context = readableContext({
      Dockerfile: [
        'FROM busybox',
        'COPY --chown=70000:5 Dockerfile /far',
        'RUN touch /near /beyond && chown 7:8 /near && chown 70000 /beyond && stat -c %u:%g /near > /seen',
        'USER 70001',
        'RUN id -u > /tmp/user',
      ].join('\n'),
    });
    const archive = join(dirname(store), 'out.tar');
    const build = ['build', '--progress', 'plain', '-o', `type=tar,dest=${archive}`, context];
    const { code, err } = await inNamespace('exec "$@"', [process.execPath, program, ...build], { store, user: 0 });
    expect({ code, err }).toMatchObject({ code: 0 });
    expect(err).not.toContain('warning: ');
    expect(list(archive)).toMatchObject({
      far: '-rw-r--r-- 70000/5 179',
      near: '-rw-r--r-- 7/8 0',
      beyond: '-rw-r--r-- 0/0 0',
      seen: '-rw-r--r-- 0/0 4',
      'tmp/user': '-rw-r--r-- 70001/0 6',
    });
  });

  it('that allows no more of them, to others than root, copies files, but runs nothing, and says which setting it is', async () => {
    const store = newStore();
    const context = readableContext({
      Dockerfile: 'FROM busybox\nRUN true\n',
      Copies: 'FROM busybox AS a\nCOPY --chown=9:9 x /d/x\nFROM busybox\nWORKDIR /w\nCOPY --from=a /d .\n',
      x: 'x',
    });
    chmodSync(join(context, 'x'), 0o444);
    const place = dirname(store);
    const script = [
      'echo 0 > /proc/sys/user/max_user_namespaces',
      `chown -R 1000:1000 ${place}`,
      'exec setpriv --reuid=1000 --regid=1000 --clear-groups "$@"',
    ].join(' && ');
    const archive = join(place, 'out.tar');
    const build = [process.execPath, program, 'build', '-o', `type=tar,dest=${archive}`];
    const copied = await inNamespace(script, [...build, '-f', join(context, 'Copies'), context], { store, user: 0 });
    expect(copied).toMatchObject({ code: 0 });
    expect(list(archive)).toMatchObject({ 'w/x': '-r--r--r-- 9/9 1', w: 'drwxr-xr-x 0/0 0', bin: 'drwxr-xr-x 0/0 0' });
    const { code, err } = await inNamespace(script, [...build, context], { store, user: 0 });
    expect(code).toBe(1);
    expect(err).toContain('refuses mounts (EPERM), and user namespaces: user.max_user_namespaces is 0\n');
    expect(err).toContain('sysctl -w user.max_user_namespaces=10000');
  });
});
