import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../kiln.ts';
import { canBuild, newContext, newStore, program, useBuildRig } from './build-rig.ts';

/** How many builds are interrupted, at moments all over the time that one takes. */
const interruptions = Number(process.env['KILN_INTERRUPTIONS'] ?? 12);
const longest = 2000;

const dockerfile = `
FROM busybox AS made
ARG SALT
RUN head -c 30000000 /dev/urandom > /large; echo $SALT
FROM busybox
ARG SALT
RUN echo $SALT; (sleep 300 &); sleep 0.2
COPY . /context
COPY --from=made /large /
`;

useBuildRig();

describe.skipIf(!canBuild)('kiln build that is interrupted', () => {
  it('ends within a second, says so, and leaves nothing, whatever it was doing', { timeout: 600_000 }, async () => {
    const store = newStore();
    const context = newContext({ Dockerfile: dockerfile, large: 'x'.repeat(5_000_000) });
    for (let count = 0; count < interruptions; count++) {
      const moment = Math.round(((count + 0.5) * longest) / interruptions / 10) * 10;
      const folder = temporaryFolder();
      const archive = join(folder, 'image.tar');
      const args = ['build', '--progress', 'plain', '--build-arg', `SALT=${count}`, '-o', `type=oci,dest=${archive}`];
      const end = await interrupted([...args, context], { store, moment, signal: count % 2 ? 'SIGINT' : 'SIGTERM' });
      // All of it was done; what was left was to say so.
      if (end.isOver || (end.code === 0 && /sending tarball .*done/.test(end.err))) continue;
      const about = `after ${moment} ms: ${end.err}`;
      expect(end.took, about).toBeLessThan(1000);
      // Before Node runs any program, signals end it.
      if (end.signal === null) expect(end.err, about).toContain('error: failed to solve: Canceled: context canceled');
      else expect(end.err, about).toBe('');
      if (end.signal === null) expect(end.code, about).toBe(130);
      expect(end.running, about).toEqual([]);
      expect(readFileSync('/proc/mounts', 'utf8'), about).not.toContain(store);
      expect(existsSync(join(store, 'tmp')) ? readdirSync(join(store, 'tmp')) : [], about).toEqual([]);
      expect(readdirSync(folder), about).toEqual([]);
    }
  });

  it.each([
    { what: 'the Dockerfile', args: (context: string) => ['build', '-f', '-', context] },
    { what: 'the context', args: () => ['build', '-'] },
  ])('does not wait for $what on standard input', async ({ args }) => {
    const context = temporaryFolder();
    mkdirSync(join(context, 'empty'));
    const end = await interrupted(args(context), { store: newStore(), moment: 1000, signal: 'SIGINT' });
    expect(end).toMatchObject({ isOver: false, code: 130, running: [] });
    expect(end.took).toBeLessThan(1000);
    expect(end.err).toContain('Canceled: context canceled');
  });
});

interface Moment {
  readonly store: string;
  /** Milliseconds after it was started. */
  readonly moment: number;
  readonly signal: NodeJS.Signals;
}

/** Starts Kiln with a standard input that does not end, interrupts it, and says how it ended. */
async function interrupted(args: readonly string[], { store, moment, signal }: Moment) {
  const child = spawn(process.execPath, [program, ...args], {
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], KILN_ROOT: store },
    stdio: ['pipe', 'ignore', 'pipe'],
  });
  let err = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text;
  });
  const ended = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((done) => {
    child.once('close', (code, by) => {
      done({ code, signal: by });
    });
  });
  await Promise.race([delay(moment), ended]);
  const isOver = child.exitCode !== null;
  const processes = descendants(child.pid ?? 0);
  const before = performance.now();
  child.kill(signal);
  const end = await ended;
  const took = performance.now() - before;
  return { ...end, isOver, took, err, running: processes.filter(isRunning) };
}

function descendants(pid: number): readonly number[] {
  const { stdout } = spawnSync('ps', ['-eo', 'pid=,ppid='], { encoding: 'utf8' });
  const pairs = stdout.split('\n').map((line) => line.trim().split(/\s+/).map(Number));
  const below = (parent: number): readonly number[] =>
    pairs.flatMap(([child = 0, of]) => (of === parent ? [child, ...below(child)] : []));
  return below(pid);
}

/** A dead process may wait for somebody to take notice. */
function isRunning(pid: number): boolean {
  try {
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'latin1'));
  } catch {
    return false;
  }
}
