import { contextNames, salts } from './contexts.ts';
import type { Random } from './random.ts';
import { buildArguments } from './reference.ts';
import type { Workshop } from './workshop.ts';

/** A command line of Kiln, and what it writes. */
export interface Job {
  readonly kind: string;
  readonly args: readonly string[];
  /** Archives, which must be whole if they are there. */
  readonly archives: readonly string[];
}

/** Takes any of what Kiln does with a store, builds most of the time. `place` is where it may write to. */
export function anyJob(shop: Workshop, random: Random, place: string): Job {
  const chance = random.next();
  if (chance < 0.6) return build(shop, random, place);
  if (chance < 0.75 && shop.pulled !== undefined) return pull(shop, random);
  if (chance < 0.85) return plain('load', ['load', '-i', random.pick(shop.archives)]);
  if (chance < 0.89) return plain('prune', ['prune', '-f']);
  if (chance < 0.92) return plain('prune all', ['prune', '--all', '-f']);
  if (chance < 0.94) return plain('prune some', ['prune', '--all', '-f', '--keep-storage', `${random.below(50)}MB`]);
  if (chance < 0.97) return plain('check', ['store', 'check', ...random.pick([[], ['--deep'], ['--repair']])]);
  if (chance < 0.985) return plain('rmi', ['rmi', `made-${random.below(4)}`]);
  return plain('du', ['du', '--verbose']);
}

const outputs = ['none', 'store', 'oci', 'oci directory', 'docker', 'docker directory', 'local', 'tar'] as const;

function build(shop: Workshop, random: Random, place: string): Job {
  const what = { context: random.pick(contextNames), salt: random.below(salts) };
  const fresh = random.next() < 0.25 ? ['--no-cache'] : [];
  const kind = random.pick(outputs);
  const output = outputOf(kind, random, place);
  return {
    kind: `build ${what.context}, output ${kind}`,
    args: [...buildArguments(shop, what), ...fresh, ...output.flags],
    archives: output.archives,
  };
}

function outputOf(kind: (typeof outputs)[number], random: Random, place: string) {
  const file = `${place}-${kind.replace(' ', '-')}`;
  const compression = random.pick(['gzip', 'zstd', 'uncompressed']);
  switch (kind) {
    case 'none':
      return { flags: [], archives: [] };
    case 'store':
      return { flags: ['--load', '-t', `made-${random.below(4)}`], archives: [] };
    case 'oci':
    case 'docker':
    case 'tar':
      return {
        flags: [
          '-o',
          `type=${kind},dest=${file}${kind === 'tar' ? '' : `,compression=${compression},force-compression=true`}`,
        ],
        archives: [file],
      };
    case 'oci directory':
      return { flags: ['-o', `type=oci,tar=false,dest=${file}`], archives: [] };
    case 'docker directory':
      return { flags: ['-o', `type=docker,tar=false,dest=${file}`], archives: [] };
    case 'local':
      return { flags: ['-o', `type=local,dest=${file}`], archives: [] };
  }
}

function pull(shop: Workshop, random: Random): Job {
  const flags = ['--pull', '--load', '-t', `pulled-${random.below(2)}`];
  const what = { context: 'pull', salt: random.below(salts) } as const;
  return plain('pull', [...buildArguments(shop, what), ...flags]);
}

function plain(kind: string, args: readonly string[]): Job {
  return { kind, args, archives: [] };
}
