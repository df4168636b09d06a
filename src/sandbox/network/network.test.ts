import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { env, getuid, pid } from 'node:process';
import { setImmediate } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BusyboxRoot, busyboxMissing } from '../busybox-root.ts';
import { findProgram } from '../find-program.ts';
import { parseNetworkChoice } from './network-choice.ts';
import { isolatedResolvConf } from './resolv-conf.ts';

const isRoot = getuid?.() === 0 && busyboxMissing === '';
const installed = (name: string): string | undefined => findProgram(name, env.PATH ?? '');
const folder = mkdtempSync(join(tmpdir(), 'kiln-network-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** A PATH with one program, or none. */
function pathWith(name?: string): string {
  const path = join(folder, name ?? 'nothing');
  mkdirSync(path, { recursive: true });
  const program = name === undefined ? undefined : installed(name);
  if (name !== undefined && program !== undefined && !existsSync(join(path, name)))
    symlinkSync(program, join(path, name));
  return path;
}

describe.each([
  ['native', 'pasta'],
  ['native', 'slirp4netns'],
  ['runc', 'pasta'],
] as const)('the network of steps (%s, %s)', (runtime, helper) => {
  const missing = [helper, ...(runtime === 'runc' ? [runtime] : [])].filter((name) => installed(name) === undefined);
  const skip = !isRoot || missing.length > 0 || !existsSync('/dev/net/tun');
  const abstract = `kiln-network-${pid}-${runtime}-${helper}`;
  const servers: Server[] = [];
  let place: BusyboxRoot | undefined;
  let port = 0;

  beforeAll(async () => {
    if (skip) return;
    for (const where of [{ host: '127.0.0.1', port: 0 }, { path: `\0${abstract}` }]) {
      const server = createServer((client) => client.end('hello\n'));
      await new Promise<void>((done) => server.listen(where, done));
      servers.push(server);
    }
    const address = servers[0]?.address();
    port = typeof address === 'object' && address ? address.port : 0;
    place = new BusyboxRoot({ runtime, network: { choice: 'isolated', searchPath: pathWith(helper) } });
  });
  afterAll(async () => {
    for (const server of servers) server.close();
    await place?.[Symbol.asyncDispose]();
    expect(readFileSync('/proc/self/mountinfo', 'utf8')).not.toContain(place?.directory ?? 'nothing');
  });

  it.skipIf(skip)(`is shared by them, and has a device and a resolver ${missing.join(', ')}`, async () => {
    if (!place) throw new Error('skipped');
    const script =
      'readlink /proc/self/ns/net; ls /sys/class/net; ip -4 -o addr | wc -l; grep nameserver /etc/resolv.conf';
    const [one, other] = await Promise.all([place.run(script), place.run(script)]);
    expect(one.stdout).toBe(other.stdout);
    expect(one.stdout).not.toContain(readlinkSync('/proc/self/ns/net'));
    expect(one.stdout).toMatch(/^net:\[\d+\]\neth0\nlo\n2\nnameserver [\d.:a-f]+\n$/);
  });

  it.skipIf(skip)('does not lead to loopback addresses and abstract sockets of the host', async () => {
    if (!place) throw new Error('skipped');
    const script = `
      nc -w 1 127.0.0.1 ${port} </dev/null; nc -w 1 $(ip route | sed -n 's/default via \\([^ ]*\\).*/\\1/p') ${port} </dev/null
      grep -c ${abstract} /proc/net/unix`;
    expect((await place.run(script)).stdout).toBe('0\n');
    const extraHosts = [{ host: 'here', ip: 'host-gateway' }];
    await expect(place.run('true', { extraHosts })).rejects.toThrow('here cannot be this machine');
    expect((await place.run('grep here /etc/hosts', { extraHosts, network: 'host' })).stdout).toBe('127.0.0.1\there\n');
    const shared = await place.run(`nc -w 1 127.0.0.1 ${port} </dev/null; grep -c ${abstract} /proc/net/unix`, {
      network: 'host',
    });
    expect(shared.stdout).toBe('hello\n1\n');
  });
});

describe.skipIf(!isRoot || installed('pasta') === undefined || !existsSync('/dev/net/tun'))('a network', () => {
  it('that nobody came for ends before it is ready, and leaves nothing', async () => {
    const root = new BusyboxRoot({ network: { choice: 'isolated', searchPath: pathWith('pasta') } });
    root.sandbox.begin('default');
    root.sandbox.begin('default');
    await root[Symbol.asyncDispose]();
    expect(readFileSync('/proc/self/mountinfo', 'utf8')).not.toContain(root.directory);
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean);
    const programs = children.map((child) => readFileSync(`/proc/${child}/comm`, 'utf8').trim());
    expect(programs.filter((name) => /kiln|pasta|passt/.test(name))).toEqual([]);
  });

  it('is gone when nothing is left of the sandbox', async () => {
    const root = new BusyboxRoot({ network: { choice: 'isolated', searchPath: pathWith('pasta') } });
    expect((await root.run('true')).result).toEqual({ kind: 'exited', code: 0 });
    const before = new Set(processes());
    const helpers = (): readonly string[] =>
      processes().filter((id) => before.has(id) && /pasta|passt/.test(nameOf(id)));
    expect(helpers()).not.toEqual([]);
    await root.sandbox[Symbol.asyncDispose]();
    await root.sandbox.left();
    expect(helpers()).toEqual([]);
    await root[Symbol.asyncDispose]();
  });
});

function processes(): readonly string[] {
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name));
}

/** Empty if it is gone. */
function nameOf(process: string): string {
  try {
    const [, name = '', state = ''] = /\((.*)\) (.)/s.exec(readFileSync(`/proc/${process}/stat`, 'latin1')) ?? [];
    return state === 'Z' ? '' : name;
  } catch {
    return '';
  }
}

describe.skipIf(!isRoot)('where nothing makes networks', () => {
  it('steps share that of the host, which is said once', async () => {
    const said: string[] = [];
    const onShared = (reason: string): void => {
      said.push(reason);
    };
    await using root = new BusyboxRoot({ network: { choice: 'auto', searchPath: pathWith(), onShared } });
    expect((await root.run('true', { network: 'none' })).result.kind).toBe('exited');
    root.sandbox.begin('default');
    await setImmediate();
    // Nobody has come for it.
    expect(said).toEqual([]);
    for (let count = 0; count < 2; count++) {
      expect((await root.run('readlink /proc/self/ns/net')).stdout.trim()).toBe(readlinkSync('/proc/self/ns/net'));
    }
    expect(said).toEqual(['neither pasta nor slirp4netns is installed']);
  });

  it('steps do not run that must not share it', async () => {
    await using root = new BusyboxRoot({ network: { choice: 'isolated', searchPath: pathWith() } });
    await expect(root.run('true')).rejects.toThrow(
      'there is no network for steps of their own: neither pasta nor slirp4netns is installed',
    );
    expect((await root.run('true', { network: 'none' })).result).toEqual({ kind: 'exited', code: 0 });
  });
});

describe('the choice of networks', () => {
  it('is one of three', () => {
    expect([undefined, '', 'host', 'isolated', 'auto'].map(parseNetworkChoice)).toEqual([
      ...['auto', 'auto', 'host', 'isolated', 'auto'],
    ]);
    expect(() => parseNetworkChoice('bridge')).toThrow('KILN_NETWORK is "bridge", which is no choice of networks');
  });
});

describe('/etc/resolv.conf of a network of its own', () => {
  it.each([
    ['nameserver 127.0.0.53\noptions edns0\nsearch lan\n', 'nameserver 1.1.1.1\noptions edns0\nsearch lan\n'],
    ['nameserver 10.0.0.1\nnameserver ::1', 'nameserver 1.1.1.1\n'],
    ['nameserver fd00::1\nnameserver ::1', 'nameserver fd00::1\n'],
    ['', 'nameserver 1.1.1.1\n'],
  ])('%j becomes %j', (text, expected) => {
    expect(isolatedResolvConf(text, '1.1.1.1')).toBe(expected);
  });
});
