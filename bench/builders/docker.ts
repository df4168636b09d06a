import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { findProgram, runCommand, type Command } from '../command.ts';
import { startDaemon } from '../daemon.ts';
import type { Builder, BuilderOptions } from './builder.ts';

/** Debian's client; another may come first in PATH, and not fit the daemon. */
const debianClient = '/usr/bin/docker';

/** A daemon of its own, which needs no network of its own. Undefined if it is not installed. */
export async function startDocker({ bases, store, runtime, signal }: BuilderOptions): Promise<Builder | undefined> {
  const dockerd = await findProgram('dockerd');
  const client = (await findProgram(debianClient)) ?? (await findProgram('docker'));
  if (dockerd === undefined || client === undefined) return undefined;
  const socket = `unix://${join(runtime, 'docker.sock')}`;
  const env = { ...process.env, DOCKER_HOST: socket, DOCKER_BUILDKIT: '1' };
  const docker = (...args: readonly string[]): Command => ({ program: client, args, env });
  const run = (...args: readonly string[]) => runCommand(docker(...args), { signal });
  mkdirSync(store, { recursive: true });
  const network = ['--iptables=false', '--ip6tables=false', '--bridge=none'];
  const folders = [
    '--data-root',
    store,
    '--exec-root',
    join(runtime, 'exec'),
    '--pidfile',
    join(runtime, 'docker.pid'),
  ];
  const command = { program: dockerd, args: [...network, ...folders, '--host', socket] };
  const daemon = await startDaemon(command, join(runtime, 'dockerd.log'), () => run('version'));

  return {
    name: 'docker',
    version: (await run('version', '--format', '{{.Server.Version}}')).trim(),
    notes: [
      'docker: BuildKit in a warm daemon, whose memory is counted with that of the client.',
      'docker has no OCI output: where there is one, it is docker build and docker save, which does not compress.',
    ],
    daemon: daemon.pid,
    async reset(names) {
      const images = await run('image', 'ls', '--quiet', '--all', '--no-trunc');
      const ids = new Set(images.split('\n').filter((id) => id !== ''));
      if (ids.size > 0) await run('image', 'rm', '--force', ...ids);
      await run('builder', 'prune', '--all', '--force');
      for (const name of names) await run('load', '--quiet', '--input', await bases[name].dockerArchive());
    },
    commands: ({ context, output, archive }) => {
      const build = ['build', '--network', 'host'];
      if (output === 'none') return [docker(...build, '--output', 'type=cacheonly', context)];
      const image = 'bench:latest';
      return [docker(...build, '--tag', image, context), docker('save', '--output', archive, image)];
    },
    stop: () => daemon.stop(),
  };
}
