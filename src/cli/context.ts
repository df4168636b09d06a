import type { Terminal } from './terminal.ts';

/** What a command is given besides its arguments. */
export interface CommandContext {
  /** The command line, from the name of the command. */
  readonly words: readonly string[];
  readonly terminal: Terminal;
  /** The exit code, once the command knows it. */
  exitCode: number;
}
