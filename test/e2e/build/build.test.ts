import { spawnSync } from 'node:child_process';
import {
  closeSync,
  existsSync,
  lstatSync,
  openSync,
  readdirSync,
  readFileSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../kiln.ts';
import {
  build,
  canBuild,
  cannotBuild,
  hasProgram,
  inspect,
  listFiles,
  newContext,
  newStore,
  program,
  run,
  runKiln,
  startKiln,
  stepsRun,
  unpack,
  useBuildRig,
} from './build-rig.ts';

const canRead = hasProgram('skopeo') && hasProgram('umoci');

describe.skipIf(!canBuild || !canRead)(`kiln build${cannotBuild}`, () => {
  useBuildRig();

  it('says once that it has an image, for however many platforms', () => {
    const context = newContext({ Dockerfile: 'FROM busybox AS a\nFROM a\nCOPY f /\n', f: 'f' });
    const { outcome } = build(context, ['--platform', 'linux/amd64,linux/386,linux/amd64/v3'], { store: newStore() });
    expect(outcome.code).toBe(0);
    expect(outcome.err.match(/load metadata/g)).toHaveLength(1);
  });

  it('makes an image that other tools read, with the files and the configuration that the Dockerfile says', () => {
    const context = newContext({
      Dockerfile: [
        'FROM busybox AS made',
        'RUN mkdir /out && echo $((6 * 7)) > /out/answer && id -u > /out/user',
        'FROM busybox',
        'LABEL purpose=test',
        'ENV GREETING=hello',
        'WORKDIR /app',
        'COPY --chown=65534:50 --chmod=640 files ./',
        'COPY --from=made /out /out',
        'RUN --mount=type=tmpfs,target=/scratch touch /scratch/x && rm /etc/group && ln -s files /app/link',
        'USER nobody',
        'EXPOSE 80',
        'CMD ["cat", "/out/answer"]',
      ].join('\n'),
      'files/a': 'a\n',
      'files/sub/b': 'b\n',
    });
    const { outcome, archive } = build(context, ['-t', 'app:1'], { store: newStore() });
    expect(outcome).toMatchObject({ code: 0, out: '' });
    const root = unpack(archive);
    expect(readFileSync(join(root, 'out/answer'), 'utf8')).toBe('42\n');
    expect(readFileSync(join(root, 'out/user'), 'utf8')).toBe('0\n');
    expect(listFiles(archive)).toMatchObject({ 'app/sub/b': '-rw-r----- 65534/50', 'app/link': 'lrwxrwxrwx 0/0' });
    expect(lstatSync(join(root, 'app/link')).isSymbolicLink()).toBe(true);
    expect(existsSync(join(root, 'etc/group'))).toBe(false);
    expect(existsSync(join(root, 'scratch'))).toBe(false);
    expect(inspect(archive)).toMatchObject({
      os: 'linux',
      config: {
        User: 'nobody',
        WorkingDir: '/app',
        ExposedPorts: { '80/tcp': {} },
        Labels: { purpose: 'test' },
        Cmd: ['cat', '/out/answer'],
      },
    });
  });

  it('runs nothing again for a new time, a comment or a label', () => {
    const store = newStore();
    const lines = ['FROM busybox', 'COPY . /app', 'RUN cat /app/a > /b'];
    const context = newContext({ Dockerfile: lines.join('\n'), a: 'a' });
    const ignore = join(context, '.dockerignore');
    writeFileSync(ignore, 'Dockerfile\n.dockerignore\n');
    expect(build(context, [], { store }).ran).toHaveLength(2);
    expect(build(context, [], { store }).ran).toEqual([]);
    utimesSync(join(context, 'a'), new Date(0), new Date(0));
    expect(build(context, [], { store }).ran).toEqual([]);
    writeFileSync(join(context, 'Dockerfile'), ['# why', ...lines].join('\n'));
    expect(build(context, [], { store }).ran).toEqual([]);
    writeFileSync(join(context, 'Dockerfile'), [...lines, 'LABEL a=b'].join('\n'));
    expect(build(context, [], { store }).ran).toEqual([]);
    writeFileSync(join(context, 'a'), 'b');
    expect(build(context, [], { store }).ran).toHaveLength(2);
  });

  it('does not run what takes unchanged files from a stage that was run again', () => {
    const store = newStore();
    const context = newContext({
      Dockerfile: [
        'FROM busybox AS made',
        'ARG STAMP',
        'RUN echo $STAMP > /log; echo same > /out',
        'FROM busybox',
        'COPY --from=made /out /out',
        'RUN cat /out',
      ].join('\n'),
    });
    expect(build(context, ['--build-arg', 'STAMP=1'], { store }).ran).toHaveLength(3);
    expect(build(context, ['--build-arg', 'STAMP=2'], { store }).ran).toEqual([expect.stringContaining('RUN echo')]);
  });

  it('gives the same digest in another store, another directory, with one job or eight', () => {
    const files = {
      Dockerfile: [
        'FROM busybox AS a',
        'RUN echo a > /a',
        'FROM busybox AS b',
        'RUN echo b > /b && mkdir -p /d/e && chmod 1777 /d',
        'FROM busybox',
        'WORKDIR /w',
        'COPY --from=a /a .',
        'COPY --from=b /b /d ./',
        'COPY . /src',
        'RUN ls / > /list',
      ].join('\n'),
      x: 'x',
    };
    const digests = ['1', '8'].map((jobs) => {
      const flags = ['--jobs', jobs, '--build-arg', 'SOURCE_DATE_EPOCH=1700000000'];
      const context = newContext(files);
      utimesSync(join(context, 'x'), 1e9, 1e9);
      utimesSync(join(context, 'Dockerfile'), 1e9, 1e9);
      utimesSync(context, 1e9, 1e9);
      const { outcome, archive } = build(context, flags, { store: newStore() });
      expect(outcome.code).toBe(0);
      return run('skopeo', ['inspect', '--format', '{{.Digest}}', `oci-archive:${archive}`]);
    });
    expect(digests[0]).toBe(digests[1]);
  });

  it('gives secrets, caches and binds to a step, and keeps nothing of them', () => {
    const store = newStore();
    const context = newContext({
      Dockerfile: [
        'FROM busybox',
        'ARG RUN_AGAIN',
        'RUN --mount=type=secret,id=token --mount=type=cache,target=/cache --mount=target=/src \\',
        '  cp /run/secrets/token /seen; date >> /cache/runs; wc -l < /cache/runs > /runs; cat /src/a > /a',
      ].join('\n'),
      a: 'from the context',
      token: 'hush',
    });
    const flags = ['--secret', `id=token,src=${join(context, 'token')}`];
    build(context, flags, { store });
    const { archive } = build(context, [...flags, '--build-arg', 'RUN_AGAIN=1'], { store });
    const root = unpack(archive);
    expect(readFileSync(join(root, 'runs'), 'utf8').trim()).toBe('2');
    expect(readFileSync(join(root, 'seen'), 'utf8')).toBe('hush');
    expect(readFileSync(join(root, 'a'), 'utf8')).toBe('from the context');
    expect(readdirSync(root)).not.toEqual(expect.arrayContaining(['cache', 'src']));
    expect(existsSync(join(root, 'run/secrets'))).toBe(false);
  });

  it('shows the output of a step that fails, its place and its exit code', () => {
    const context = newContext({ Dockerfile: 'FROM busybox\nENV A=b\nRUN echo trouble; exit 3\nRUN echo never\n' });
    const { outcome } = build(context, [], { store: newStore() });
    expect(outcome.code).toBe(1);
    expect(outcome.err).toMatch(/^#\d+ [\d.]+ trouble$/m);
    expect(outcome.err).toContain('   3 | >>> RUN echo trouble; exit 3\n');
    expect(outcome.err).toContain(
      'error: failed to solve: process "/bin/sh -c echo trouble; exit 3" did not complete successfully: exit code: 3\n',
    );
    expect(outcome.err).not.toContain('never\n#');
  });

  it.each([
    ['a base that nobody has', 'FROM localhost:1/none\n', 'localhost:1/none:latest'],
    ['a file that is missing', 'FROM busybox\nRUN sleep 60\nCOPY nope /\n', '"/nope": not found'],
    ['a stage that is missing', 'FROM busybox AS a\n', 'target stage "b" could not be found'],
    [
      'stages in a circle',
      'FROM busybox AS a\nCOPY --from=b / /\nFROM busybox AS b\nCOPY --from=a / /\n',
      'circular dependency',
    ],
  ])('refuses %s, and writes nothing', (_, dockerfile, message) => {
    const context = newContext({ Dockerfile: dockerfile });
    const flags = message.includes('target') ? ['--target', 'b'] : [];
    const { outcome, archive } = build(context, flags, { store: newStore() });
    expect(outcome.code).toBe(1);
    expect(outcome.err).toContain(message);
    expect(existsSync(archive)).toBe(false);
  });

  it('makes files and archives of files', () => {
    const context = newContext({ Dockerfile: 'FROM scratch\nCOPY a /a\n', a: 'a' });
    const folder = temporaryFolder();
    const outputs = ['-o', join(folder, 'files'), '-o', `type=tar,dest=${join(folder, 'files.tar')}`];
    expect(runKiln(['build', ...outputs, context], { store: newStore() }).code).toBe(0);
    expect(readFileSync(join(folder, 'files/a'), 'utf8')).toBe('a');
    expect(run('tar', ['tf', join(folder, 'files.tar')])).toBe('a\n');
  });

  it('makes several images at once, and keeps one under its name', () => {
    const context = newContext({ Dockerfile: 'FROM scratch\nCOPY a /a\n', a: 'a' });
    const folder = temporaryFolder();
    const at = (name: string) => join(folder, name);
    const store = newStore();
    const outputs = [`type=docker,dest=${at('docker.tar')}`, `type=oci,tar=false,dest=${at('layout')}`, 'type=image'];
    const files = ['--iidfile', at('id'), '--metadata-file', at('metadata')];
    const flags = [...outputs.flatMap((output) => ['-o', output]), ...files];
    expect(runKiln(['build', '-t', 'made:1', ...flags, context], { store }).code).toBe(0);
    expect(run('skopeo', ['inspect', '--format', '{{.Os}}', `docker-archive:${at('docker.tar')}`])).toBe('linux\n');
    expect(run('skopeo', ['inspect', '--format', '{{.Os}}', `oci:${at('layout')}`])).toBe('linux\n');
    const id = readFileSync(at('id'), 'utf8');
    expect(id).toMatch(/^sha256:[0-9a-f]{64}$/);
    const metadata = JSON.parse(readFileSync(at('metadata'), 'utf8')) as Record<string, unknown>;
    expect(metadata).toMatchObject({
      'containerimage.config.digest': id,
      'image.name': 'docker.io/library/made:1',
    });
    const next = newContext({ Dockerfile: 'FROM made:1\nCOPY a /b\n', a: 'b' });
    expect(build(next, [], { store }).outcome.code).toBe(0);
  });

  it('takes a Dockerfile from standard input, and other contexts by name', () => {
    const store = newStore();
    const other = newContext({ 'in/file': 'other' });
    const { code, out } = runKiln(['build', '--build-context', `other=${other}`, '-o', '-', '-'], {
      store,
      stdin: 'FROM scratch\nCOPY --from=other in /in\n',
    });
    expect(code).toBe(0);
    expect(out).toContain('in/file');
  });

  it('takes a directory as two contexts that leave out different files', () => {
    const context = newContext({
      Dockerfile: 'FROM scratch\nCOPY . /main/\nCOPY --from=other . /other/\nCOPY folder /main/\n',
      ...{ 'Dockerfile.dockerignore': 'folder/a\nDockerfile*', '.dockerignore': 'folder/b\nDockerfile*' },
      ...{ 'folder/a': 'a', 'folder/b': 'b' },
    });
    const { code, out } = runKiln(['build', '--build-context', `other=${context}`, '-o', '-', context], {
      store: newStore(),
    });
    expect(code).toBe(0);
    const has = (path: string) => out.includes(`${path}\0`);
    expect(['main/folder/a', 'main/folder/b', 'other/folder/a', 'other/folder/b', 'main/a', 'main/b'].map(has)).toEqual(
      [...[false, true, true, false, false, true]],
    );
  });

  it('says what the checks have found', () => {
    const context = newContext({ Dockerfile: 'FROM busybox AS Named\nMAINTAINER me\n' });
    const { err } = build(context, [], { store: newStore() }).outcome;
    expect(err).toContain("StageNameCasing: Stage name 'Named' should be lowercase (line 1)");
    expect(err).toContain('2 warnings found');
  });

  it('says that an output is full', () => {
    const context = newContext({ Dockerfile: 'FROM busybox\n' });
    const full = openSync('/dev/full', 'w');
    const { status, stderr } = spawnSync(process.execPath, [program, 'build', '-o', '-', context], {
      env: { ...process.env, KILN_ROOT: newStore() },
      stdio: ['ignore', full, 'pipe'],
      encoding: 'utf8',
    });
    closeSync(full);
    expect(status).toBe(1);
    expect(stderr).toContain('cannot write standard output: no space left on device');
    expect(stderr).toContain('make room on its disk, or name another place');
  });

  it('plans without running', () => {
    const store = newStore();
    const context = newContext({ Dockerfile: 'FROM busybox\nRUN echo a\nRUN echo b\n' });
    const plan = () => runKiln(['plan', context], { store }).out;
    expect(plan()).toMatch(/run .*RUN echo a\n.*unknown .*RUN echo b/);
    build(context, [], { store });
    expect(plan()).toMatch(/cached .*RUN echo a\n.*cached .*RUN echo b/);
  });

  it('runs a step once for two processes', async () => {
    const store = newStore();
    const context = newContext({ Dockerfile: 'FROM busybox\nRUN sleep 1; echo made\n' });
    const both = [1, 2].map(() => startKiln(['build', '--progress', 'plain', context], { store }));
    const outcomes = await Promise.all(both.map(({ ended }) => ended));
    expect(outcomes.map(({ code }) => code)).toEqual([0, 0]);
    expect(outcomes.flatMap(({ err }) => stepsRun(err))).toHaveLength(1);
  });

  it('stops within a second when it is interrupted, and leaves nothing running', async () => {
    const store = newStore();
    const mark = `3${Date.now() % 100_000}`;
    const context = newContext({ Dockerfile: `FROM busybox\nRUN echo started; sleep ${mark}\n` });
    const { child, ended, printed } = startKiln(['build', '--progress', 'plain', context], { store });
    await printed(/started$/m);
    const before = performance.now();
    child.kill('SIGINT');
    expect((await ended).code).toBe(130);
    expect(performance.now() - before).toBeLessThan(1000);
    expect(processesWith(`sleep ${mark}`)).toEqual([]);
    expect(readFileSync('/proc/mounts', 'utf8')).not.toContain(store);
  });

  it('goes on as if nothing had been when it was killed', async () => {
    const store = newStore();
    const mark = `4${Date.now() % 100_000}`;
    const dockerfile = (seconds: string) => `FROM busybox\nRUN echo a > /a\nRUN echo started; sleep ${seconds}\n`;
    const context = newContext({ Dockerfile: dockerfile(mark) });
    const { child, ended, printed } = startKiln(['build', '--progress', 'plain', context], { store });
    await printed(/started$/m);
    child.kill('SIGKILL');
    await ended;
    writeFileSync(join(context, 'Dockerfile'), dockerfile('0'));
    const { outcome, ran, archive } = build(context, [], { store });
    expect(outcome.code).toBe(0);
    expect(ran).toEqual([expect.stringContaining('sleep 0')]);
    expect(readFileSync(join(unpack(archive), 'a'), 'utf8')).toBe('a\n');
    expect(processesWith(`sleep ${mark}`)).toEqual([]);
    expect(readFileSync('/proc/mounts', 'utf8')).not.toContain(store);
    expect(readdirSync(join(store, 'tmp'))).toEqual([]);
  });
});

function processesWith(text: string): readonly string[] {
  const { stdout } = spawnSync('ps', ['-eo', 'args'], { encoding: 'utf8' });
  return stdout.split('\n').filter((line) => line.trim() === text);
}
