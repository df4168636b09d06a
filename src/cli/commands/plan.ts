import type { Command } from 'commander';
import type { CommandModule } from '../command-module.ts';
import type { CommandContext } from '../context.ts';
import { readPlanFormat } from '../request/plan-request.ts';
import { readBuildRequest } from '../request/read-build-request.ts';
import { requestEnvironment } from '../request/request-environment.ts';
import { buildFlags } from './build-flags.ts';
import { asRoot } from './as-root.ts';
import { addFlags, plainWords, type FlagRow } from './flag-values.ts';

const planFlags: readonly FlagRow[] = [
  { flags: '--format <format>', about: 'how to print it: text, json, dot, mermaid, html or svg' },
  ...buildFlags,
];

/** `kiln plan`: what a build with the same flags would do. */
export const planCommand: CommandModule = {
  add: addPlanCommand,
  plainWords: (words) => plainWords(words, planFlags),
};

function addPlanCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('plan')
    .description('show the steps of a build, and which of them would run')
    .argument('[path]', 'build context: a directory, or - for a Dockerfile on standard input', '.');
  const flags = addFlags(command, planFlags);
  command.action(async (path: string) => {
    const format = readPlanFormat(flags.last('format'));
    const build = readBuildRequest(path, flags, requestEnvironment(context.terminal));
    const { runPlan } = await import('./run-plan.ts');
    await asRoot(build.store, context, () => runPlan({ build, format }, context));
  });
}
