import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BaseName } from '../bases.ts';
import { runCommand, type Command } from '../command.ts';
import type { Build, Builder, BuilderOptions } from './builder.ts';

/** Kiln as anybody runs it: `node bin/kiln.js build`, a cold process. */
export async function startKiln(program: string, { bases, store, runtime, signal }: BuilderOptions): Promise<Builder> {
  const env = { ...process.env, KILN_ROOT: store };
  const kiln = (...args: readonly string[]): Command => ({ program: process.execPath, args: [program, ...args], env });
  const run = (...args: readonly string[]) => runCommand(kiln(...args), { signal });

  /** An image that is loaded is unpacked when a step needs it. */
  const unpack = async (name: BaseName) => {
    const context = join(runtime, 'unpack');
    mkdirSync(context, { recursive: true });
    writeFileSync(join(context, 'Dockerfile'), `FROM ${bases[name].reference}\nRUN exit 0\n`);
    await run('build', '-o', 'type=cacheonly', context);
  };

  return {
    name: 'kiln',
    version: (await run('--version')).trim(),
    notes: [],
    async reset(names) {
      rmSync(store, { recursive: true, force: true });
      for (const name of names) {
        await run('load', '-i', bases[name].archive);
        await unpack(name);
      }
    },
    commands: ({ context, output, archive }) => [kiln('build', '-o', outputFlag(output, archive), context)],
    stop: () => Promise.resolve(),
  };
}

function outputFlag(output: Build['output'], archive: string): string {
  switch (output) {
    case 'none':
      return 'type=cacheonly';
    case 'oci-gzip':
      return `type=oci,dest=${archive}`;
    case 'oci-zstd':
      return `type=oci,dest=${archive},compression=zstd`;
  }
}
