import type { Command } from 'commander';
import type { CommandContext } from './context.ts';

/** A command of the program. */
export interface CommandModule {
  /** Adds the command to the program. */
  readonly add: (program: Command, context: CommandContext) => void;
  /** Makes the words of a command line such that commander understands them. */
  readonly plainWords?: (words: readonly string[]) => readonly string[];
}
