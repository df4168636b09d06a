import { spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readdirSync, statSync, utimesSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { temporaryFolder } from '../kiln.ts';
import { canBuild, isRoot, newContext, newStore, run, runKiln, useBuildRig } from '../build/build-rig.ts';

const dockerfile = 'FROM busybox\nRUN echo made > /made\nCOPY file /file\n';

function output(context: string, store: string): string {
  const { code, out, err } = runKiln(['build', '-o', 'type=tar,dest=-', context], { store });
  expect(code, err).toBe(0);
  return out;
}

describe.skipIf(!canBuild)('kiln on a store that is out of order', () => {
  useBuildRig();

  it.skipIf(!isRoot)('says of a disk that is read-only that the store must be writable', () => {
    const [store, folder] = [newStore(), temporaryFolder()];
    run('mount', ['--bind', store, folder]);
    onTestFinished(() => {
      spawnSync('umount', [folder]);
    });
    run('mount', ['-o', 'remount,bind,ro', folder]);
    const context = newContext({ Dockerfile: dockerfile, file: 'a' });
    for (const args of [
      ['build', context],
      ['prune', '--all', '--force'],
      ['rmi', 'busybox'],
    ]) {
      const { code, err } = runKiln(args, { store: folder });
      expect([1, 2]).toContain(code);
      expect(err).toMatch(/^error: .*(?:cannot write to the store|the database of the store|read-only)/m);
      expect(err).toMatch(/ {2}= help: the store must be .*writable; name another place with --root/);
    }
  });

  it.skipIf(!isRoot)('takes no layer for changed that there is no room to compare with', () => {
    const folder = temporaryFolder();
    run('mount', ['-t', 'tmpfs', '-o', 'size=24m', 'tmpfs', folder]);
    onTestFinished(() => {
      spawnSync('umount', [folder]);
    });
    run('cp', ['-a', `${newStore()}/.`, folder]);
    const built = runKiln(['build', newContext({ Dockerfile: dockerfile, file: 'a' })], { store: folder });
    expect(built.code, built.err).toBe(0);
    spawnSync('sh', ['-c', `head -c 100m /dev/zero > ${join(folder, 'filling')}`]);
    const full = runKiln(['store', 'check', '--deep', '--repair'], { store: folder });
    expect(full.code).not.toBe(0);
    expect(full.err).toContain('no space left on device');
    expect(full.out).not.toContain('layer-changed');
    run('rm', [join(folder, 'filling')]);
    expect(runKiln(['store', 'check', '--deep'], { store: folder })).toMatchObject({ code: 0, err: '' });
  });

  it('names a database with pages that were overwritten, makes a new one, and builds again', () => {
    const store = newStore();
    const context = newContext({ Dockerfile: dockerfile, file: 'a' });
    output(context, store);
    // What was written last is in the log, until somebody has read it.
    runKiln(['images'], { store });
    const database = join(store, 'kiln.db');
    const fd = openSync(database, 'r+');
    // All pages but the first, which says what file it is.
    for (let at = 4096; at < statSync(database).size; at += 4096) writeSync(fd, Buffer.alloc(1000, 0x5a), 0, 1000, at);
    closeSync(fd);
    const built = runKiln(['build', context], { store });
    expect(built.code).not.toBe(0);
    expect(built.err).toContain(`the database of the store, ${database}, is damaged: `);
    expect(built.err).toContain('= help: kiln store check --repair makes a new one');
    expect(runKiln(['store', 'check'], { store })).toMatchObject({ code: 1 });
    expect(runKiln(['store', 'check', '--repair'], { store }).code).toBe(0);
    expect(runKiln(['store', 'check', '--deep'], { store })).toMatchObject({ code: 0 });
    output(context, store);
  });

  it('takes no file for unchanged that was changed, whatever its time says', () => {
    const store = newStore();
    const context = newContext({ Dockerfile: dockerfile, file: 'a0' });
    const file = join(context, 'file');
    const later = Date.now() / 1000 + 100_000;
    for (const time of [1, later, 1_000_000_000]) {
      for (let count = 1; count < 4; count++) {
        // The same size, and the same time of change: only the system's own time is another.
        const content = `${time === later ? 'b' : 'a'}${count}`;
        writeFileSync(file, content);
        utimesSync(file, time, time);
        expect(output(context, store)).toContain(content);
      }
    }
  });

  it('removes the output of steps that printed much after a week', () => {
    const store = newStore();
    const logs = join(store, 'logs');
    mkdirSync(logs);
    writeFileSync(join(logs, 'old.log'), '');
    writeFileSync(join(logs, 'new.log'), '');
    utimesSync(join(logs, 'old.log'), 1, 1);
    const context = newContext({ Dockerfile: 'FROM busybox\nRUN seq 1000\n' });
    const { code, err } = runKiln(['build', '--progress', 'plain', context], {
      store,
      env: { KILN_STEP_LOG_MAX_SIZE: '1kB' },
    });
    expect(code).toBe(0);
    const [first = '', ...others] = readdirSync(logs).sort();
    expect(others).toEqual(['new.log']);
    expect(err).toContain(join(logs, first));
    expect(statSync(join(logs, first)).size).toBe(3893);
  });
});
