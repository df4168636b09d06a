import type { Command } from 'commander';
import type { CommandModule } from '../command-module.ts';
import type { CommandContext } from '../context.ts';
import { addFlags, plainWords, type FlagRow } from './flag-values.ts';
import { rootFlag, storeOf } from './store-flag.ts';

const rmiFlags: readonly FlagRow[] = [rootFlag];

/** `kiln rmi`: takes names away from images, as `docker rmi` does; `kiln prune` removes what has none. */
export const rmiCommand: CommandModule = { add: addRmiCommand, plainWords: (words) => plainWords(words, rmiFlags) };

function addRmiCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('rmi')
    .description('take names away from images in the local store; kiln prune then removes what no name needs')
    .argument('<image...>', 'names, or digests of images');
  const flags = addFlags(command, rmiFlags);
  command.action(async (images: readonly string[]) => {
    const { removeNames } = await import('../../engine/store/images.ts');
    for (const { name, digest, isLast } of await removeNames(storeOf(flags, context), images)) {
      context.terminal.out(`Untagged: ${name}\n${isLast ? `Unused: ${digest}\n` : ''}`);
    }
  });
}
