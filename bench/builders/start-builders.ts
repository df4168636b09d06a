import { join } from 'node:path';
import type { Bases } from '../bases.ts';
import type { Disk } from '../disk.ts';
import { startBuildah } from './buildah.ts';
import type { Builder, BuilderName, BuilderOptions } from './builder.ts';
import { startBuildkit } from './buildkit.ts';
import { startDocker } from './docker.ts';
import { startKiln } from './kiln.ts';

export interface BuildersOptions {
  readonly disk: Disk;
  readonly bases: Bases;
  /** `bin/kiln.js`. */
  readonly program: string;
  /** Those to take; what is not installed is left out. */
  readonly names: readonly BuilderName[];
  readonly signal: AbortSignal;
  /** Is told each as soon as it has been started. */
  readonly started: (builder: Builder) => void;
}

/** Kiln first. */
export const builderNames: readonly BuilderName[] = ['kiln', 'buildah', 'docker', 'buildkit'];

/** Starts Kiln and the peers that are installed. */
export async function startBuilders(options: BuildersOptions): Promise<readonly Builder[]> {
  const { disk, bases, program, names, signal } = options;
  const start: Readonly<Record<BuilderName, (options: BuilderOptions) => Promise<Builder | undefined>>> = {
    kiln: (its) => startKiln(program, its),
    buildah: startBuildah,
    docker: startDocker,
    buildkit: startBuildkit,
  };
  const builders: Builder[] = [];
  for (const name of builderNames.filter((one) => names.includes(one))) {
    const builder = await start[name]({ bases, store: join(disk.folder, name), runtime: disk.runtime, signal });
    if (builder === undefined) continue;
    builders.push(builder);
    options.started(builder);
  }
  return builders;
}
