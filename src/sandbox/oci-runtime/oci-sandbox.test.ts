import { accessSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { env, getuid } from 'node:process';
import { afterAll, describe, expect, it } from 'vitest';
import { BusyboxRoot, busyboxMissing } from '../busybox-root.ts';
import type { SandboxMount } from '../sandbox-process.ts';

function isInstalled(name: string): boolean {
  return (env.PATH ?? '').split(':').some((folder) => {
    try {
      accessSync(join(folder, name));
      return true;
    } catch {
      return false;
    }
  });
}

describe.each(['runc', 'crun'])('a step that %s runs', (runtime) => {
  // crun does not run where both versions of control groups are in use.
  const isUsable = isInstalled(runtime) && (runtime !== 'crun' || existsSync('/sys/fs/cgroup/cgroup.controllers'));
  const skip = getuid?.() !== 0 || busyboxMissing !== '' || !isUsable;
  const place = skip ? undefined : new BusyboxRoot({ runtime });
  afterAll(() => place?.[Symbol.asyncDispose]());

  function root(): BusyboxRoot {
    if (!place) throw new Error('skipped');
    return place;
  }

  it.skipIf(skip)('gives its output and its exit code, as process 1', async () => {
    const { result, stdout, stderr } = await root().run('echo $$; echo wrong >&2; exit 7');
    expect(result).toEqual({ kind: 'exited', code: 7 });
    expect({ stdout, stderr }).toEqual({ stdout: '1\n', stderr: 'wrong\n' });
  });

  it.skipIf(skip)('has what it has in the native sandbox', async () => {
    const script =
      'id; echo $HOME $PATH; hostname; grep -E "CapBnd|CapEff|NoNew|Seccomp:" /proc/self/status; ls /sys/class/net';
    const { stdout } = await root().run(script, { user: 'ann', hostname: 'here', network: 'none' });
    expect(stdout.replaceAll('\t', ' ').split('\n')).toEqual([
      'uid=1000(ann) gid=1001(ann) groups=29(audio),44(video),1001(ann)',
      '/home/ann /usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
      ...['here', 'CapEff: 0000000000000000', 'CapBnd: 00000000a80425fb', 'NoNewPrivs: 0', 'Seccomp: 2', 'lo', ''],
    ]);
  });

  it.skipIf(skip)('sees its mounts, of which nothing stays', async () => {
    const { upper: source } = root().layer();
    const mounts: readonly SandboxMount[] = [
      { kind: 'bind', source, target: '/m', readonly: false },
      { kind: 'tmpfs', target: '/t', size: 1 << 16 },
      { kind: 'file', content: Buffer.from('secret\n'), target: '/run/secrets/s', mode: 0o400, uid: 1000, gid: 0 },
    ];
    const process = root().process(
      ['/bin/sh', '-c', 'cat /run/secrets/s; stat -c "%a %u" /run/secrets/s; touch /m/made /t/x'],
      {
        mounts,
      },
    );
    expect((await root().runProcess(process)).stdout).toBe('secret\n400 1000\n');
    expect(readdirSync(source)).toEqual(['made']);
    expect(readdirSync(process.root.upper).sort()).toEqual(['dev', 'etc', 'proc', 'sys']);
  });

  it.skipIf(skip)('is killed when it is aborted, and leaves nothing', async () => {
    const controller = new AbortController();
    const process = root().process(['/bin/sh', '-c', 'echo up; sleep 1000']);
    const result = await root().sandbox.run(process, {
      stdout: () => {
        controller.abort();
      },
      ...{ stderr: () => undefined, signal: controller.signal },
    });
    expect(result).toEqual({ kind: 'signaled', signal: 'SIGKILL' });
    expect(readFileSync('/proc/self/mountinfo', 'utf8')).not.toContain(`${root().directory}/places/`);
  });
});

describe.skipIf(busyboxMissing !== '')('a runtime', () => {
  it('that is not installed is not looked for in vain', async () => {
    await using root = new BusyboxRoot({ runtime: 'no-such-runtime' });
    await expect(root.run('true')).rejects.toThrow('there is no runtime no-such-runtime');
  });
});
