import { execFileSync, spawn } from 'node:child_process';
import { readFileSync, readdirSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { execPath, getuid, kill, pid } from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { BusyboxRoot, busyboxMissing } from './busybox-root.ts';
import { controlGroupHierarchies } from './control-group-hierarchies.ts';

const skip = getuid?.() !== 0 || busyboxMissing !== '';
const place = skip ? undefined : new BusyboxRoot();
afterAll(() => place?.[Symbol.asyncDispose]());

function root(): BusyboxRoot {
  if (!place) throw new Error('skipped');
  return place;
}

/** Processes which were started with this argument. */
function processesWith(argument: string): readonly string[] {
  return readdirSync('/proc').filter((name) => {
    try {
      return /^\d+$/.test(name) && readFileSync(`/proc/${name}/cmdline`, 'latin1').split('\0').includes(argument);
    } catch {
      return false;
    }
  });
}

function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}

function parentOf(process: string): string {
  return /^PPid:\t(\d+)/m.exec(readIfThere(`/proc/${process}/status`))?.[1] ?? '';
}

async function until(condition: () => boolean): Promise<void> {
  for (let tries = 0; !condition(); tries++) {
    if (tries > 2000) throw new Error('it does not happen');
    await delay(5);
  }
}

describe.skipIf(skip)('a step', () => {
  it('is killed within a second when it is aborted, with all it has started', async () => {
    const controller = new AbortController();
    const argument = '47110815';
    const process = root().process(['/bin/sh', '-c', `trap "" TERM INT; setsid sleep ${argument} & sleep ${argument}`]);
    const running = root().runProcess(process, controller.signal);
    await until(() => processesWith(argument).length >= 2);
    const start = performance.now();
    controller.abort();
    expect((await running).result).toEqual({ kind: 'signaled', signal: 'SIGKILL' });
    expect(performance.now() - start).toBeLessThan(1000);
    expect(processesWith(argument)).toEqual([]);
  });

  it('is killed at once if it was aborted before', async () => {
    const process = root().process(['/bin/sleep', '1000']);
    const { result } = await root().runProcess(process, AbortSignal.abort());
    expect(result).toEqual({ kind: 'signaled', signal: 'SIGKILL' });
  });

  it('runs beside others', async () => {
    const start = performance.now();
    const ran = await Promise.all(Array.from({ length: 8 }, (_, index) => root().run(`sleep 0.5; echo ${index}`)));
    expect(ran.map(({ stdout }) => stdout)).toEqual(Array.from({ length: 8 }, (_, index) => `${index}\n`));
    expect(performance.now() - start).toBeLessThan(3500);
  });

  it('leaves no mount, descriptor or control group', () => {
    const program = join(import.meta.dirname, 'fixtures/many-steps.ts');
    const { before, after } = JSON.parse(execFileSync(execPath, [program], { encoding: 'utf8' })) as Record<
      string,
      unknown
    >;
    expect(before).toMatchObject({ controlGroups: [] });
    expect(after).toEqual(before);
  });

  it('is in a control group of its own, or in one inside of another', async () => {
    const show = 'cat /proc/self/cgroup';
    // With a namespace of its own, it is the root.
    if (controlGroupHierarchies(false).length > 0)
      expect((await root().run(show)).stdout).toMatch(/^0::\/(kiln-\d+-\d+)?$/m);
    const cgroupParent = `/kiln-test-${pid}`;
    if (controlGroupHierarchies(true).length === 0) return;
    expect((await root().run(show, { cgroupParent })).stdout).toMatch(/:(\/kiln-test-\d+\/kiln-\d+-\d+|\/)$/m);
    for (const { mountPoint } of controlGroupHierarchies(true)) {
      expect(readdirSync(join(mountPoint, cgroupParent)).filter((name) => name.startsWith('kiln-'))).toEqual([]);
      rmdirSync(join(mountPoint, cgroupParent));
    }
  });

  it('ends with the process that starts steps, and others are run all the same', async () => {
    const argument = '47110817';
    const running = root().runProcess(root().process(['/bin/sleep', argument]));
    await until(() => processesWith(argument).length === 1);
    const [step = ''] = processesWith(argument);
    const launcher = parentOf(parentOf(step));
    expect(readIfThere(`/proc/${launcher}/comm`)).toBe('kiln-launcher\n');
    kill(Number(launcher), 'SIGKILL');
    expect((await running).result).toEqual({ kind: 'signaled', signal: 'SIGKILL' });
    expect(processesWith(argument)).toEqual([]);
    expect((await root().run('echo again')).stdout).toBe('again\n');
  });

  it('does not outlive Kiln, nor do its mounts', async () => {
    const argument = '47110816';
    const program = join(import.meta.dirname, 'fixtures/long-step.ts');
    const child = spawn(execPath, [program, root().directory, argument], { stdio: 'inherit' });
    await until(() => processesWith(argument).some((pid) => readFileSync(`/proc/${pid}/comm`, 'latin1') === 'sleep\n'));
    child.kill('SIGKILL');
    await until(() => processesWith(argument).length === 0);
    const mounted = readFileSync('/proc/self/mountinfo', 'utf8');
    expect(mounted).not.toContain(`${root().directory}/elsewhere`);
    expect(readdirSync(join(root().directory, 'elsewhere'))).toEqual([]);
  });
});
