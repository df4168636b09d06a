import { execFileSync, spawn } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { execPath, getuid } from 'node:process';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { BusyboxRoot, busyboxMissing } from '../busybox-root.ts';
import { parseSubIds } from './sub-ids.ts';

const skip = getuid?.() !== 0 || busyboxMissing !== '';
const place = skip ? undefined : new BusyboxRoot();
afterAll(() => place?.[Symbol.asyncDispose]());

/** Nobody's, so that /etc/subuid does not know it. */
const user = 47_110;
let count = 0;

interface Started {
  readonly kill: (signal: NodeJS.Signals) => void;
  readonly end: Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }>;
}

/** Runs a step without being root. */
function start(script: string, stepUser = ''): Started {
  if (!place) throw new Error('skipped');
  const directory = join(place.directory, `rootless-${++count}`);
  mkdirSync(directory);
  const base = join(directory, 'base');
  cpSync(join(place.directory, 'base'), base, { recursive: true, verbatimSymlinks: true });
  execFileSync('chown', ['-R', `${user}:${user}`, directory]);
  const args = [join(import.meta.dirname, '../fixtures/rootless-step.ts'), directory, script, stepUser];
  const env = { HOME: directory, BASE: base };
  const child = spawn(execPath, args, { uid: user, gid: user, env, cwd: '/', stdio: ['ignore', 'pipe', 'pipe'] });
  const output = Promise.all([text(child.stdout), text(child.stderr)]);
  const end = new Promise<number | null>((resolve) => child.once('exit', resolve)).then(async (code) => {
    const [stdout, stderr] = await output;
    return { code, stdout, stderr };
  });
  return { kill: (signal) => child.kill(signal), end };
}

function isRunning(argument: string): boolean {
  return readdirSync('/proc').some((name) => {
    try {
      return /^\d+$/.test(name) && readFileSync(`/proc/${name}/cmdline`, 'latin1').startsWith(`sleep\0${argument}\0`);
    } catch {
      return false;
    }
  });
}

async function until(condition: () => boolean): Promise<void> {
  for (let tries = 0; !condition(); tries++) {
    if (tries > 2000) throw new Error('it does not happen');
    await delay(5);
  }
}

describe.skipIf(skip)('a step of a user who is not root', () => {
  it('runs as root of a user namespace, with what root has in a sandbox', async () => {
    const script =
      'id -u; cat /proc/self/uid_map; grep -E "CapEff|Seccomp:" /proc/self/status; echo x >/dev/null && touch /made; exit 5';
    const { code, stdout, stderr } = await start(script).end;
    expect(stdout.replace(/[ \t]+/g, ' ').split('\n')).toEqual([
      ...['0', ` 0 ${user} 1`, 'CapEff: 00000000a80425fb', 'Seccomp: 2', ''],
    ]);
    expect({ code, stderr }).toEqual({ code: 5, stderr: `degraded: /etc/subuid grants no ids to ${user}\n` });
  });

  it('is somebody else by number, without anything of root, if there is nobody else', async () => {
    const script =
      'id -u; id -g; grep -E "Cap(Eff|Prm)" /proc/self/status; chown 0 /made; touch /made; unshare -r true';
    const { stdout } = await start(script, '1000:50').end;
    const lines = ['1000', '50', 'CapPrm: 0000000000000000', 'CapEff: 0000000000000000', ''];
    expect(stdout.replace(/[ \t]+/g, ' ').split('\n')).toEqual(lines);
  });

  it('may give files to nobody who is not there, and become nobody else, but is told that it did', async () => {
    const script = 'touch /a && chown 7:8 /a && chown -h 0:0 /a && chgrp 50 /a && stat -c %u:%g /a; su -s /bin/id ann';
    const { code, stdout } = await start(script).end;
    expect({ code, stdout }).toEqual({ code: 0, stdout: '0:0\nuid=0(root) gid=0(root)\n' });
  });

  it('ends when Kiln is told to end, or is killed', async () => {
    for (const [index, signal] of (['SIGTERM', 'SIGKILL'] as const).entries()) {
      const argument = `4711081${index}`;
      const started = start(`sleep ${argument}; true`);
      await until(() => isRunning(argument));
      started.kill(signal);
      await started.end;
      await until(() => !isRunning(argument));
    }
  });
});

describe('subordinate ids', () => {
  it('are those of the user, by name or number', () => {
    const entries = 'ann:100000:65536\n# no entry\n1000:300000:10\nbob:1:2\nann:x:1\n\nann:5:0\n';
    expect(parseSubIds(entries, ['ann', '1000'])).toEqual([
      { first: 100000, count: 65536 },
      { first: 300000, count: 10 },
    ]);
  });
});
