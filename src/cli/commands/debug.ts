import type { Command } from 'commander';
import { inspectDockerfile, readDockerfile } from '../../engine/index.ts';
import type { CommandModule } from '../command-module.ts';
import type { CommandContext } from '../context.ts';

/** `kiln debug`: what Kiln makes of things, for judging it from outside. */
export const debugCommand: CommandModule = { add: addDebugCommand };

function addDebugCommand(program: Command, { terminal }: CommandContext): void {
  const debug = program.command('debug').description('show what Kiln makes of its input');
  debug
    .command('ast')
    .description('print, as a line of JSON a file, how Dockerfiles are read, checked and converted')
    .argument('<file...>', 'Dockerfiles; - is standard input')
    .action((files: readonly string[]) => {
      for (const file of files) {
        const { source } = readDockerfile({ file, context: undefined, stdin: terminal.stdin });
        terminal.out(`${JSON.stringify(inspectDockerfile(source))}\n`);
      }
    });
}
