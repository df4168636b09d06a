import { join } from 'node:path';
import { findProgram, runCommand, type Command } from '../command.ts';
import type { Builder, BuilderOptions } from './builder.ts';

/** Undefined if it is not installed. */
export async function startBuildah(options: BuilderOptions): Promise<Builder | undefined> {
  const { bases, store, runtime, signal } = options;
  const program = await findProgram('buildah');
  if (program === undefined) return undefined;
  const place = ['--root', store, '--runroot', join(runtime, 'buildah'), '--storage-driver', 'overlay'];
  const buildah = (...args: readonly string[]): Command => ({ program, args: [...place, ...args] });
  const run = (...args: readonly string[]) => runCommand(buildah(...args), { signal });
  const image = 'localhost/bench:latest';
  const how = ['--isolation', 'oci', '--runtime', 'runc', '--layers', '--network', 'host', '--jobs', '8'];

  return {
    name: 'buildah',
    version: (await runCommand({ program, args: ['--version'] })).replace(/^.*version (\S+).*$/s, '$1'),
    notes: [
      'buildah: build --layers --jobs 8 with runc; it always commits an image; where there is an output, push to oci-archive.',
    ],
    async reset(names) {
      await run('rmi', '--all', '--force');
      for (const name of names) await run('pull', '--quiet', `oci-archive:${bases[name].archive}:${bases[name].tag}`);
    },
    commands: ({ context, output, archive }) => {
      const build = buildah('build', ...how, '--tls-verify=false', '--tag', image, context);
      if (output === 'none') return [build];
      const compression = output === 'oci-gzip' ? 'gzip' : 'zstd';
      return [build, buildah('push', '--compression-format', compression, image, `oci-archive:${archive}`)];
    },
    stop: () => Promise.resolve(),
  };
}
