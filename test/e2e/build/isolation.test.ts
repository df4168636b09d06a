import { accessSync, constants, existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { build, canBuild, hasProgram, isRoot, newContext, newStore, startKiln, useBuildRig } from './build-rig.ts';
import { temporaryFolder } from '../kiln.ts';

useBuildRig();

/** Ordinary users have none, unless somebody has given them a control group, and may not open the device. */
const hasMemoryLimits =
  isRoot && (existsSync('/sys/fs/cgroup/memory') || existsSync('/sys/fs/cgroup/cgroup.controllers'));
const hasNetworkHelper = (hasProgram('pasta') || hasProgram('slirp4netns')) && canOpen('/dev/net/tun');

function canOpen(device: string): boolean {
  try {
    accessSync(device, constants.R_OK | constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

describe.skipIf(!canBuild)('Limits of steps', () => {
  it.skipIf(!hasMemoryLimits)('end a step that exceeds them, are named, and are no part of its key', () => {
    const store = newStore();
    const hungry = newContext({ Dockerfile: 'FROM busybox\nRUN head -c 200m /dev/zero | tail -n 1 >/dev/null\n' });
    const { outcome } = build(hungry, ['--memory', '32m', '--resource', 'memory-swap=32m'], { store });
    expect(outcome.code).toBe(1);
    // While the kernel still takes its memory back from the one, it may kill the shell, too.
    expect(outcome.err).toMatch(
      /did not complete successfully: (?:exit code: 137|signal: SIGKILL): out of memory \(limit 32m\)/,
    );
    expect(outcome.err).not.toContain('not acted on');
    const modest = newContext({ Dockerfile: 'FROM busybox\nRUN echo x >/x\n' });
    expect(build(modest, ['-m', '64m', '--pids-limit', '50'], { store }).ran).toHaveLength(1);
    expect(build(modest, ['--cpus', '0.5'], { store }).ran).toEqual([]);
  });

  it('that no machine could keep are refused', () => {
    const context = newContext({ Dockerfile: 'FROM busybox\nRUN true\n' });
    const { outcome } = build(context, ['--memory', '1m'], { store: newStore() });
    expect(outcome).toMatchObject({ code: 1 });
    expect(outcome.err).toContain('the limit memory must be 6m or more');
  });
});

describe.skipIf(!canBuild)('What a Dockerfile may ask for', () => {
  it.each([
    ['--network=host', 'network.host'],
    ['--security=insecure', 'security.insecure'],
  ])('with %s has to be allowed, known results or not', (flag, entitlement) => {
    const store = newStore();
    const context = newContext({ Dockerfile: `FROM busybox\nRUN ${flag} echo x >/x\n` });
    const refused = (): void => {
      const { outcome, ran } = build(context, [], { store });
      expect({ code: outcome.code, ran }).toEqual({ code: 1, ran: [] });
      expect(outcome.err).toContain(`Dockerfile:2\n`);
      expect(outcome.err).toContain(`error: failed to solve: ${entitlement} is not allowed\n`);
      expect(outcome.err).toContain(`  = help: allow it with --allow ${entitlement}\n`);
    };
    refused();
    expect(build(context, ['--allow', entitlement], { store }).outcome.code).toBe(0);
    refused();
  });

  it('are devices only if it can do without them', () => {
    const dockerfile = (flag: string): string =>
      newContext({ Dockerfile: `FROM busybox\nRUN --device=${flag} true\n` });
    expect(build(dockerfile('vendor.com/d=a'), [], { store: newStore() }).outcome.code).toBe(0);
    const { outcome } = build(dockerfile('vendor.com/d=a,required'), [], { store: newStore() });
    expect(outcome.err).toContain('required device vendor.com/d=a is not there: Kiln gives no devices to steps');
  });
});

describe.skipIf(!canBuild)('The network of steps', () => {
  const server = createServer((client) => client.end('of the host\n'));
  let port = 0;
  beforeAll(async () => {
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const address = server.address();
    port = typeof address === 'object' && address ? address.port : 0;
  });
  afterAll(() => {
    server.close();
  });

  /** What a step hears from the host. This process is the server, so it must not wait for Kiln. */
  async function heard(flags: readonly string[], env: Readonly<Record<string, string>>): Promise<string> {
    const context = newContext({ Dockerfile: `FROM busybox\nRUN nc -w 2 127.0.0.1 ${port} </dev/null; echo done\n` });
    const args = ['build', '--progress', 'plain', '-o', temporaryFolder(), ...flags, context];
    const { err } = await startKiln(args, { store: newStore(), env }).ended;
    return err;
  }

  it('is that of the host with --network=host, or KILN_NETWORK=host', async () => {
    expect(await heard(['--network', 'host'], {})).toMatch(/ of the host$/m);
    expect(await heard([], { KILN_NETWORK: 'host' })).toMatch(/ of the host$/m);
  });

  it('is said to be that of the host where there is no other', async () => {
    const progress = await heard([], { PATH: '/nowhere' });
    expect(progress).toMatch(/^#\d+ \[internal\] network of steps$/m);
    expect(progress).toContain('it is that of this machine: neither pasta nor slirp4netns is installed');
  });

  it.skipIf(!hasNetworkHelper)('is one of their own where there can be', async () => {
    const progress = await heard([], { KILN_NETWORK: 'isolated' });
    expect(progress).toMatch(/ done$/m);
    expect(progress).not.toContain('of the host');
  });

  it('is chosen in three words', async () => {
    expect(await heard([], { KILN_NETWORK: 'bridge' })).toContain('KILN_NETWORK is "bridge", which is no choice');
  });
});
