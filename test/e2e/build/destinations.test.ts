import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { canBuild, newContext, newStore, runKiln, startKiln, useBuildRig } from './build-rig.ts';

useBuildRig();

describe.skipIf(!canBuild)('what kiln build writes', () => {
  it.each([
    ['--iidfile', 'no/where', 'no such file or directory'],
    ['--metadata-file', 'no/where', 'no such file or directory'],
    ['-o', 'type=oci,dest=no/where', 'no such file or directory'],
    ['-o', 'type=tar,dest=a/where', 'not a directory'],
    ['-o', 'type=local,dest=a/where', 'not a directory'],
    ['-o', 'type=oci,tar=false,dest=a/where', 'not a directory'],
  ])('is known to have no place before anything runs: %s %s', (flag, value, reason) => {
    const context = newContext({ Dockerfile: 'FROM busybox\nRUN echo ran\n', a: '' });
    const { code, err } = runKiln(['build', flag, value, '.'], { store: newStore(), cwd: context });
    const path = value.split('dest=').at(-1) ?? value;
    const hint = reason.startsWith('no such') ? '  = help: make the directory no first\n' : '';
    expect({ code, err }).toEqual({ code: 2, err: `error: cannot write ${path}: ${reason}\n${hint}` });
  });

  it('goes to names that are as long as names can be', () => {
    const name = 'n'.repeat(255);
    const context = newContext({ Dockerfile: 'FROM busybox\n' });
    const flags = ['-o', `type=oci,dest=out/${name}`, '--iidfile', `id/${name}`];
    for (const folder of ['out', 'id']) mkdirSync(join(context, folder));
    expect(runKiln(['build', ...flags, '.'], { store: newStore(), cwd: context }).code).toBe(0);
    for (const folder of ['out', 'id']) expect(readdirSync(join(context, folder))).toEqual([name]);
  });

  it.each([
    { what: 'an archive', flags: (out: string) => ['-o', `type=oci,dest=${out}`] },
    { what: 'a directory', flags: (out: string) => ['-o', `type=local,dest=${out}`] },
  ])('is removed by the next build if it was killed while it wrote $what', async ({ flags }) => {
    const store = newStore();
    const context = newContext({ Dockerfile: 'FROM busybox\nRUN head -c 200000000 /dev/zero > /large\n' });
    const folder = newContext({});
    const out = join(folder, 'out');
    const mine = join(folder, '.mine');
    writeFileSync(mine, '');
    // On a busy machine, it may be done before it is killed.
    for (let isDone = true; isDone; isDone = existsSync(out)) {
      rmSync(out, { recursive: true, force: true });
      const { child, ended } = startKiln(['build', '--progress', 'plain', ...flags(out), context], { store });
      while (readdirSync(folder).length < 2 && child.exitCode === null)
        await new Promise((done) => setTimeout(done, 2));
      child.kill('SIGKILL');
      await ended;
    }
    expect(readdirSync(folder)).toHaveLength(2);
    expect(runKiln(['build', ...flags(out), context], { store }).code).toBe(0);
    expect(readdirSync(folder).sort()).toEqual(['.mine', 'out']);
  });
});
