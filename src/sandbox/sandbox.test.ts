import { existsSync, lstatSync, mkdirSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { getuid } from 'node:process';
import { afterAll, describe, expect, it } from 'vitest';
import { BusyboxRoot, busyboxMissing } from './busybox-root.ts';
import type { SandboxMount } from './sandbox-process.ts';

const skip = getuid?.() !== 0 || busyboxMissing !== '';
const place = skip ? undefined : new BusyboxRoot();
afterAll(() => place?.[Symbol.asyncDispose]());

function root(): BusyboxRoot {
  if (!place) throw new Error('skipped');
  return place;
}

const succeeded = { kind: 'exited', code: 0 } as const;

describe.skipIf(skip)('a program', () => {
  it('gives its output and its exit code, as process 1', async () => {
    const { result, stdout, stderr } = await root().run('echo $$; echo wrong >&2; exit 7');
    expect(result).toEqual({ kind: 'exited', code: 7 });
    expect({ stdout, stderr }).toEqual({ stdout: '1\n', stderr: 'wrong\n' });
  });

  it('has nothing to read, and sees what it leaves behind end with it', async () => {
    const { stdout } = await root().run('cat; (sleep 1000 &); echo done');
    expect(stdout).toBe('done\n');
  });

  it('that is larger than a pipe gives all of its output', async () => {
    const { stdout } = await root().run('yes 0123456789 | head -c 3000000');
    expect(stdout.length).toBe(3_000_000);
  });

  it('opens its output again, as any user', async () => {
    const { stdout, stderr } = await root().run('echo out >/dev/stdout; echo err >/dev/stderr', { user: 'ann' });
    expect({ stdout, stderr }).toEqual({ stdout: 'out\n', stderr: 'err\n' });
  });

  it('has an environment with PATH and HOME', async () => {
    const { stdout } = await root().run('env | sort', { env: ['A=b c'], user: 'ann' });
    expect(stdout.split('\n').filter((line) => !/^(SHLVL|PWD)=/.test(line))).toEqual([
      'A=b c',
      'HOME=/home/ann',
      'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
      '',
    ]);
  });

  it('is found in its PATH, where directories are no programs', async () => {
    const process = root().process(['tool', 'x'], { env: ['PATH=/nowhere:/first:/second'] });
    for (const path of ['first/tool', 'second']) mkdirSync(join(process.root.upper, path), { recursive: true });
    writeFileSync(join(process.root.upper, 'second/tool'), '#!/bin/sh\necho tool $1\n', { mode: 0o755 });
    expect(await root().runProcess(process)).toEqual({ result: succeeded, stdout: 'tool x\n', stderr: '' });
  });

  it.each([
    [['missing'], 'exec: "missing": executable file not found in $PATH'],
    [[''], 'exec: "": executable file not found in $PATH'],
    [['/missing', 'x'], 'exec: "/missing": stat /missing: no such file or directory'],
    [['/etc'], 'exec: "/etc": permission denied'],
    [['/etc/passwd'], 'exec: "/etc/passwd": permission denied'],
    [['/text'], 'exec /text: exec format error'],
  ])('that cannot be executed says so: %j', async (args, message) => {
    const process = root().process(args);
    writeFileSync(join(process.root.upper, 'text'), 'no program', { mode: 0o755 });
    expect(await root().runProcess(process)).toEqual({
      ...{ result: { kind: 'exited', code: 1 }, stdout: '' },
      stderr: `unable to start container process: ${message}\n`,
    });
  });

  it('is in a working directory which is made for its user', async () => {
    const { stdout } = await root().run('pwd; stat -c "%a %u:%g" . ..', { cwd: '/new/deep', user: 'ann' });
    expect(stdout).toBe('/new/deep\n755 1000:1001\n755 1000:1001\n');
  });
});

describe.skipIf(skip)('a user', () => {
  it.each([
    ['', 'uid=0(root) gid=0(root) groups=0(root)', '/root'],
    ['ann', 'uid=1000(ann) gid=1001(ann) groups=29(audio),44(video),1001(ann)', '/home/ann'],
    ['1000', 'uid=1000(ann) gid=1001(ann) groups=29(audio),44(video),1001(ann)', '/home/ann'],
    ['ann:audio', 'uid=1000(ann) gid=29(audio) groups=29(audio)', '/home/ann'],
    ['4711', 'uid=4711 gid=0(root) groups=0(root)', '/'],
    ['4711:4712', 'uid=4711 gid=4712 groups=4712', '/'],
  ])('%j is who the root says', async (user, id, home) => {
    expect((await root().run('id; echo $HOME', { user })).stdout).toBe(`${id}\n${home}\n`);
  });

  it.each([
    ['nobody', 'unable to find user nobody: no matching entries in passwd file'],
    ['ann:nobodies', 'unable to find group nobodies: no matching entries in group file'],
    ['4294967295', 'the user id 4294967295 is too large'],
  ])('%j cannot be', async (user, message) => {
    await expect(root().run('true', { user })).rejects.toThrow(message);
  });
});

describe.skipIf(skip)('what a step may do', () => {
  const show = 'grep -E "^(Cap|NoNew|Seccomp:)" /proc/self/status | tr -d "\\t"';

  it('is what Docker lets root do', async () => {
    expect((await root().run(show)).stdout.split('\n')).toEqual([
      ...['CapInh:0000000000000000', 'CapPrm:00000000a80425fb', 'CapEff:00000000a80425fb'],
      ...['CapBnd:00000000a80425fb', 'CapAmb:0000000000000000', 'NoNewPrivs:0', 'Seccomp:2', ''],
    ]);
  });

  it('is nothing in particular for others', async () => {
    expect((await root().run(show, { user: '1000' })).stdout.split('\n')).toEqual([
      ...['CapInh:0000000000000000', 'CapPrm:0000000000000000', 'CapEff:0000000000000000'],
      ...['CapBnd:00000000a80425fb', 'CapAmb:0000000000000000', 'NoNewPrivs:0', 'Seccomp:2', ''],
    ]);
  });

  it('is everything if it is insecure', async () => {
    const { stdout } = await root().run(`${show}; mount -t tmpfs x /tmp && echo mounted; ls -d /proc/timer_list`, {
      security: 'insecure',
    });
    const all = /^CapBnd:\s*(\w+)/m.exec(readFileSync('/proc/self/status', 'latin1'))?.[1] ?? '';
    expect(stdout).toContain(`CapEff:${all}\nCapBnd:${all}\n`);
    expect(stdout).toContain('Seccomp:0\nmounted\n');
  });

  it.each([
    ['mount -t tmpfs none /tmp', 'Operation not permitted'],
    ['unshare -m true', 'Operation not permitted'],
    ['unshare -r true', 'Operation not permitted'],
    ['umount /proc', 'Operation not permitted'],
    ['hostname other', 'Operation not permitted'],
    ['mknod /disk b 254 0 && cat /disk', 'Permission denied'],
    ['mknod /dev/disk b 254 0 && cat /dev/disk', 'Permission denied'],
    ['echo 1 >/proc/sys/kernel/panic', 'Read-only file system'],
    ['echo 1 >/sys/kernel/mm/ksm/run', 'Read-only file system'],
  ])('is not: %s', async (script, message) => {
    const { stderr } = await root().run(`LC_ALL=C; ${script}`);
    expect(stderr.replace('permission denied (are you root?)', 'Operation not permitted')).toContain(message);
  });

  it('is not to look at the host, its keys or its processes', async () => {
    const { stdout } = await root().run(
      'cat /proc/keys /proc/timer_list | wc -c; ls /proc/acpi | wc -l; ls /proc | grep -c "^[0-9]"',
    );
    expect(stdout.split('\n').slice(0, 2)).toEqual(['0', '0']);
    expect(Number(stdout.split('\n')[2])).toBeLessThan(5);
  });

  it('ends where its limits are', async () => {
    const ulimits = [{ name: 'nofile', soft: 64, hard: 128 }] as const;
    const { stdout } = await root().run('ulimit -n; ulimit -Hn; df -k /dev/shm | tail -1', {
      ulimits,
      shmSize: 1 << 20,
    });
    expect(stdout).toMatch(/^64\n128\nshm\s+1024 /);
    await expect(root().run('true', { ulimits: [{ name: 'no', soft: 1, hard: 1 }] })).rejects.toThrow(
      'there is no limit no',
    );
  });
});

describe.skipIf(skip)('the network', () => {
  it('is that of the host, where nothing else is said', async () => {
    const { stdout } = await root().run('readlink /proc/self/ns/net');
    expect(stdout.trim()).toMatch(/^net:/);
    const names = (await root().run('ls /sys/class/net')).stdout.trim().split('\n');
    expect(names).toEqual(readdirSync('/sys/class/net').sort());
  });

  it('has a loopback device and nothing else, if there is to be none', async () => {
    const { stdout } = await root().run('ip -o addr; ping -c 1 -W 1 127.0.0.1 | grep received; ls /sys/class/net', {
      network: 'none',
    });
    expect(stdout).toContain('127.0.0.1/8');
    expect(stdout).toContain('1 packets received');
    expect(stdout.trim().split('\n').at(-1)).toBe('lo');
  });

  it('knows names', async () => {
    const { stdout } = await root().run('hostname; cat /etc/hosts /etc/hostname', {
      ...{ hostname: 'here', extraHosts: [{ host: 'there', ip: '10.1.2.3' }] },
    });
    expect(stdout).toBe(
      'here\n127.0.0.1\tlocalhost here\n::1\tlocalhost ip6-localhost ip6-loopback\n10.1.2.3\tthere\nhere\n',
    );
    expect((await root().run('cat /etc/resolv.conf')).stdout).toBe(readFileSync('/etc/resolv.conf', 'utf8'));
  });
});

describe.skipIf(skip)('devices', () => {
  it('are those that a container has', async () => {
    const { stdout } = await root().run(
      'cd /dev; ls; echo x >null; head -c 3 /dev/zero | wc -c; head -c 2 urandom | wc -c; test -c ptmx && echo ptmx',
      {
        user: 'ann',
      },
    );
    expect(stdout.trim().split('\n')).toEqual([
      ...(existsSync('/proc/kcore') ? ['core'] : []),
      ...['fd', 'full', 'mqueue', 'null', 'ptmx', 'pts', 'random', 'shm', 'stderr', 'stdin', 'stdout', 'tty'],
      ...['urandom', 'zero', '3', '2', 'ptmx'],
    ]);
  });
});

describe.skipIf(skip)('mounts', () => {
  it('show files and directories of the host, to be written to or not', async () => {
    const { upper: source } = root().layer();
    writeFileSync(join(source, 'file'), 'content\n');
    const mounts: readonly SandboxMount[] = [
      { kind: 'bind', source, target: '/mnt/rw', readonly: false },
      { kind: 'bind', source, target: '/mnt/ro', readonly: true },
      { kind: 'bind', source: join(source, 'file'), target: '/some/file', readonly: true },
    ];
    const { stdout, stderr } = await root().run(
      'cat /mnt/ro/file /some/file; echo 1 >/mnt/rw/new; echo 2 >/mnt/ro/new',
      {
        mounts,
      },
    );
    expect(stdout).toBe('content\ncontent\n');
    expect(stderr).toContain("can't create /mnt/ro/new: Read-only file system");
    expect(readFileSync(join(source, 'new'), 'utf8')).toBe('1\n');
  });

  it('forget what is written to an overlay', async () => {
    const { upper: source } = root().layer();
    mkdirSync(join(source, 'sub'));
    writeFileSync(join(source, 'sub/file'), 'old\n');
    symlinkSync('/sub', join(source, 'link'));
    const overlay = { kind: 'overlay', lowers: [source], target: '/m' } as const;
    const script = 'cat /m/file; echo new >/m/file; cat /m/file';
    for (const selector of ['sub', '/link']) {
      const { stdout } = await root().run(script, { mounts: [{ ...overlay, ...root().layer(), selector }] });
      expect(stdout).toBe('old\nnew\n');
    }
    const file = { ...overlay, lowers: [join(source, 'sub/file')], ...root().layer(), target: '/f' };
    expect((await root().run('echo new >/f; cat /f', { mounts: [file] })).stdout).toBe('new\n');
    expect(readFileSync(join(source, 'sub/file'), 'utf8')).toBe('old\n');
  });

  it('has one /dev/shm, its own if it mounts one', async () => {
    const show = "grep -c ' /dev/shm ' /proc/self/mounts; stat -fc %b /dev/shm";
    const mounts = [{ kind: 'tmpfs', target: '/dev/shm', size: 1 << 16 }] as const;
    expect((await root().run(show)).stdout).toBe('1\n16384\n');
    expect((await root().run(show, { mounts })).stdout).toBe('1\n16\n');
  });

  it('are in memory', async () => {
    const mounts = [{ kind: 'tmpfs', target: '/t', size: 1 << 16 }] as const;
    const { stdout, result } = await root().run(
      'echo x >/t/f; df -k /t | tail -1; dd if=/dev/zero of=/t/big bs=1k count=99',
      {
        ...{ mounts, user: 'ann' },
      },
    );
    expect(stdout).toMatch(/^tmpfs\s+64 /);
    expect(result).toEqual({ kind: 'exited', code: 1 });
  });

  it('are files of any owner and mode, which cannot be written to', async () => {
    const content = Buffer.from('secret\n');
    const secret = { kind: 'file', content, mode: 0o400, uid: 1000, gid: 0 } as const;
    const mounts = [
      { ...secret, target: '/run/secrets/one' },
      { ...secret, target: '/dev/pipes/script', mode: 0o755, content: Buffer.from('#!/bin/sh\necho ran\n') },
      { ...secret, target: '/empty', content: new Uint8Array() },
    ];
    const script =
      'cat /run/secrets/one; stat -c "%a %u %g %s" /run/secrets/one /empty; /dev/pipes/script; echo >/empty';
    const { stdout, stderr } = await root().run(script, { mounts, user: 'ann' });
    expect(stdout).toBe('secret\n400 1000 0 7\n400 1000 0 0\nran\n');
    expect(stderr).toContain("can't create /empty");
    expect((await root().run('cat /run/secrets/one', { mounts, user: '1001' })).result).toEqual({
      kind: 'exited',
      code: 1,
    });
  });

  it('lead to sockets, for whoever may use them', async () => {
    const source = join(root().directory, 'agent');
    const server = createServer((client) => client.end('hello\n'));
    await new Promise<void>((resolve) => server.listen(source, resolve));
    const mounts = [{ kind: 'socket', source, target: '/run/agent.0', mode: 0o600, uid: 1000, gid: 7 }] as const;
    const script = 'stat -c "%F %a %u %g" /run/agent.0; nc local:/run/agent.0 </dev/null';
    const { stdout } = await root().run(script, { mounts, user: 'ann' });
    expect(stdout.split('\n')[0]).toBe('socket 600 1000 7');
    await new Promise((resolve) => server.close(resolve));
  });

  it('can be inside of each other', async () => {
    const { upper: source } = root().layer();
    const mounts: readonly SandboxMount[] = [
      { kind: 'bind', source, target: '/outer', readonly: false },
      { kind: 'tmpfs', target: '/outer/inner' },
      { kind: 'file', content: Buffer.from('x\n'), target: '/outer/inner/deep/file', mode: 0o444, uid: 0, gid: 0 },
    ];
    const { stdout } = await root().run('cat inner/deep/file; touch inner/made', { mounts, cwd: '/outer' });
    expect(stdout).toBe('x\n');
    expect(readdirSync(source)).toEqual(['inner']);
  });

  it('follow symlinks inside of the root only', async () => {
    const process = root().process(['/bin/sh', '-c', 'cat /real/deep/file /etc/resolv.conf']);
    mkdirSync(join(process.root.upper, 'etc'));
    symlinkSync('/real', join(process.root.upper, 'alias'));
    symlinkSync('../../../../run/resolve/stub.conf', join(process.root.upper, 'etc/resolv.conf'));
    const mount = { kind: 'file', content: Buffer.from('x\n'), mode: 0o444, uid: 0, gid: 0 } as const;
    const { stdout } = await root().runProcess({ ...process, mounts: [{ ...mount, target: '/alias/deep/file' }] });
    expect(stdout).toBe(`x\n${readFileSync('/etc/resolv.conf', 'utf8')}`);
    expect(existsSync('/real')).toBe(false);
    expect(readdirSync(process.root.upper).sort()).toEqual(['alias', 'dev', 'etc', 'proc', 'sys']);
  });

  it('do not follow symlinks out of other mounts', async () => {
    const { upper: source } = root().layer();
    symlinkSync(`../../../../../../../..${root().directory}`, join(source, 'out'));
    const mounts: readonly SandboxMount[] = [
      { kind: 'bind', source, target: '/cache', readonly: false },
      { kind: 'tmpfs', target: '/cache/out/escaped' },
    ];
    await expect(root().run('true', { mounts })).rejects.toThrow(
      'the sandbox cannot mount /cache/out/escaped: no such file or directory (mount)',
    );
    expect(existsSync(join(root().directory, 'escaped'))).toBe(false);
  });

  it('leave nothing in the root but what the step has put there', async () => {
    const { upper: source } = root().layer();
    const process = root().process(['/bin/sh', '-c', 'touch /kept/by/step; chmod 700 /existing'], {
      mounts: [
        { kind: 'bind', source, target: '/a/b/c', readonly: true },
        { kind: 'bind', source, target: '/kept/by/mount', readonly: true },
        { kind: 'tmpfs', target: '/existing' },
      ],
    });
    mkdirSync(join(process.root.upper, 'existing'));
    const before = lstatSync(join(root().directory, 'base/etc'), { bigint: true }).mtimeNs;
    expect((await root().runProcess(process)).result).toEqual(succeeded);
    expect(readdirSync(process.root.upper).sort()).toEqual(['dev', 'etc', 'existing', 'kept', 'proc', 'sys']);
    expect(readdirSync(join(process.root.upper, 'kept/by'))).toEqual(['step']);
    expect(lstatSync(join(process.root.upper, 'etc'), { bigint: true }).mtimeNs).toBe(before);
  });

  it('cannot be on the root, nor of what does not exist', async () => {
    await expect(root().run('true', { mounts: [{ kind: 'tmpfs', target: '/x/..' }] })).rejects.toThrow(
      'nothing can be mounted on the root',
    );
    const missing = { kind: 'bind', source: '/no/such/source', target: '/m', readonly: true } as const;
    await expect(root().run('true', { mounts: [missing] })).rejects.toThrow('there is no /no/such/source to mount');
    await expect(root().run('true', { mounts: [{ kind: 'tmpfs', target: '/etc/passwd' }] })).rejects.toThrow(
      'the sandbox cannot mount /etc/passwd: not a directory (mount)',
    );
  });
});

describe.skipIf(skip)('the root', () => {
  it('is a directory as it is, if there is nothing below it', async () => {
    const process = root().process(['/bin/sh', '-c', 'touch /here']);
    const upper = join(root().directory, 'base');
    await root().runProcess({ ...process, root: { lowers: [], upper, work: '' } });
    expect(existsSync(join(upper, 'here'))).toBe(true);
    await root().runProcess({ ...process, root: { lowers: [], upper: '', work: '', merged: upper } });
  });

  it('can be one that is not written to', async () => {
    const process = root().process(['/bin/sh', '-c', 'touch /here; echo x >/dev/shm/x && echo ok']);
    const { stdout, stderr } = await root().runProcess({ ...process, root: { ...process.root, readonly: true } });
    expect({ stdout, stderr }).toEqual({ stdout: 'ok\n', stderr: 'touch: /here: Read-only file system\n' });
  });
});
