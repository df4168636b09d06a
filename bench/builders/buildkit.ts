import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Bases, BaseName } from '../bases.ts';
import { findProgram, runCommand, type Command } from '../command.ts';
import { startDaemon } from '../daemon.ts';
import type { Build, Builder, BuilderOptions } from './builder.ts';

/** A buildkitd of its own, which runs steps in the host's network. Undefined if it is not on PATH. */
export async function startBuildkit(options: BuilderOptions): Promise<Builder | undefined> {
  const { store, runtime, signal } = options;
  const [buildkitd, buildctl] = [await findProgram('buildkitd'), await findProgram('buildctl')];
  if (buildkitd === undefined || buildctl === undefined) return undefined;
  const address = `unix://${join(runtime, 'buildkit.sock')}`;
  const client = (...args: readonly string[]): Command => ({ program: buildctl, args: ['--addr', address, ...args] });
  const run = (...args: readonly string[]) => runCommand(client(...args), { signal });
  const args = ['--root', store, '--addr', address, '--oci-worker-net', 'host'];
  const log = join(runtime, 'buildkitd.log');
  const daemon = await startDaemon({ program: buildkitd, args }, log, () => run('debug', 'workers'));
  let contexts: readonly string[] = [];

  const build = ({ context, output, archive }: Build) => {
    const folders = ['--local', `context=${context}`, '--local', `dockerfile=${context}`];
    const compression = output === 'oci-zstd' ? ',compression=zstd' : '';
    const out = output === 'none' ? [] : ['--output', `type=oci,dest=${archive}${compression}`];
    return client('build', '--frontend', 'dockerfile.v0', ...folders, ...contexts, ...out);
  };

  return {
    name: 'buildkit',
    version: (await runCommand({ program: buildkitd, args: ['--version'] })).split(' ')[2] ?? 'unknown',
    notes: ['buildkit: a warm buildkitd, whose memory is counted with that of buildctl.'],
    daemon: daemon.pid,
    async reset(names) {
      await run('prune', '--all');
      contexts = await layouts(names, options.bases, join(store, '..', 'buildkit-layouts'));
      const context = join(runtime, 'buildkit-unpack');
      mkdirSync(context, { recursive: true });
      for (const name of names) {
        writeFileSync(join(context, 'Dockerfile'), `FROM ${options.bases[name].reference}\nRUN exit 0\n`);
        await runCommand(build({ context, output: 'none', archive: '' }), { signal });
      }
    },
    commands: (request) => [build(request)],
    stop: () => daemon.stop(),
  };
}

/** Flags by which buildctl takes bases from OCI layouts, which are unpacked into a folder. */
async function layouts(names: readonly BaseName[], bases: Bases, folder: string): Promise<readonly string[]> {
  const flags: string[] = [];
  for (const name of names) {
    const layout = join(folder, name);
    mkdirSync(layout, { recursive: true });
    await runCommand({ program: 'tar', args: ['-xf', bases[name].archive, '-C', layout] });
    const index = JSON.parse(readFileSync(join(layout, 'index.json'), 'utf8')) as { manifests: { digest: string }[] };
    const reference = bases[name].reference.replace(/^docker\.io\/library\//, '').replace(/:latest$/, '');
    const image = `oci-layout://${name}@${index.manifests[0]?.digest ?? ''}`;
    flags.push('--oci-layout', `${name}=${layout}`, '--opt', `context:${reference}=${image}`);
  }
  return flags;
}
