import type { Command } from 'commander';
import type { CommandModule } from '../command-module.ts';
import type { CommandContext } from '../context.ts';
import type { LoadRequest } from '../request/load-request.ts';
import { requestEnvironment } from '../request/request-environment.ts';
import { storePath } from '../request/store-path.ts';
import { addFlags, plainWords, type FlagRow } from './flag-values.ts';

const loadFlags: readonly FlagRow[] = [
  { flags: '-i, --input <path>', about: 'an OCI or docker archive, or an OCI layout (default: standard input)' },
  { flags: '-q, --quiet', about: 'do not say what was loaded' },
  { flags: '--root <directory>', about: 'the local store (default: $KILN_ROOT)' },
];

/** `kiln load`: puts the images of an archive into the local store, as `docker load` does. */
export const loadCommand: CommandModule = {
  add: addLoadCommand,
  plainWords: (words) => plainWords(words, loadFlags),
};

function addLoadCommand(program: Command, context: CommandContext): void {
  const command = program.command('load').description('load images from an archive');
  const flags = addFlags(command, loadFlags);
  command.action(async () => {
    const { env, uid } = requestEnvironment(context.terminal);
    const request: LoadRequest = {
      input: flags.last('input') || '-',
      store: storePath({ root: flags.last('root'), env, uid }),
      quiet: flags.has('quiet'),
    };
    const { runLoad } = await import('./run-load.ts');
    await runLoad(request, context);
  });
}
