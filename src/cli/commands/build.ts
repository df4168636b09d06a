import type { Command } from 'commander';
import type { CommandModule } from '../command-module.ts';
import type { CommandContext } from '../context.ts';
import { mindInterruption } from '../interruption.ts';
import { readBuildRequest } from '../request/read-build-request.ts';
import { requestEnvironment } from '../request/request-environment.ts';
import { asRoot } from './as-root.ts';
import { buildFlags } from './build-flags.ts';
import { parseCallMethod } from './call-method.ts';
import { runCall } from './call.ts';
import { addFlags, namedRows, plainWords, type FlagValues } from './flag-values.ts';

/** `kiln build`: flags, output and exit codes are those of `docker buildx build`. */
export const buildCommand: CommandModule = {
  add: addBuildCommand,
  plainWords: (words) => plainWords(words, buildFlags),
};

function addBuildCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('build')
    .description('build an image, check a Dockerfile (--check), or ask what it offers (--call=outline, --call=targets)')
    .argument('[path]', 'build context: a directory, or - for a Dockerfile on standard input', '.');
  const flags = addFlags(command, namedRows(buildFlags, context.words));
  command.action(async (path: string) => {
    const interruption = mindInterruption();
    const request = readBuildRequest(path, flags, requestEnvironment(context.terminal));
    const method = parseCallMethod(callText(flags));
    if (method) {
      await runCall(request, method, { context, interruption });
      return;
    }
    const { signal } = interruption;
    const { runBuild } = await import('./run-build.ts');
    await asRoot(request.store, context, () => runBuild(request, context, signal), { signal, makesFiles: true });
  });
}

function callText(flags: FlagValues): string {
  return flags.has('check') ? 'check' : (flags.last('call') ?? flags.last('print') ?? 'build');
}
