import { join } from 'node:path';
import type { Command } from 'commander';
import { KilnError } from '../../diagnostic/kiln-error.ts';
import {
  checkDockerfile,
  listTargets,
  outlineDockerfile,
  readDockerfile,
  type CheckOptions,
  type Described,
  type DockerfileInput,
} from '../../engine/index.ts';
import { checkReport, problemText } from '../format/check-report.ts';
import { describeMethods } from '../format/describe-methods.ts';
import { outlineReport } from '../format/outline-report.ts';
import { targetsReport } from '../format/targets-report.ts';
import { isDirectory } from '../is-directory.ts';
import type { CommandContext } from '../context.ts';
import { addBuildFlags, type BuildFlags } from './build-flags.ts';
import { parseCallMethod, type CallMethod } from './call-method.ts';

/** `kiln build`: output and exit codes of `--check` and `--call` are those of `docker buildx build`. */
export function addBuildCommand(program: Command, context: CommandContext): void {
  addBuildFlags(program.command('build'))
    .description(
      'check a Dockerfile as a build would (--check), or ask what it offers (--call=outline, --call=targets)',
    )
    .argument('[path]', 'build context: a directory, or - for a Dockerfile on standard input', '.')
    .action((path: string, flags: BuildFlags) => {
      const method = flags.check ? parseCallMethod('check') : parseCallMethod(flags.call ?? 'build');
      if (!method) {
        const hint = 'add --check, --call=outline or --call=targets; this version reads and checks, it does not build';
        throw new KilnError('cli/build', 'nothing to do', { hint });
      }
      call(path, method, { flags, context });
    });
}

function call(
  path: string,
  method: CallMethod,
  { flags, context }: { readonly flags: BuildFlags; readonly context: CommandContext },
): void {
  const input = readInput(path, flags, context);
  const options: CheckOptions = {
    buildArgs: flags.buildArg ?? new Map(),
    target: flags.target,
    platform: flags.platform?.[0],
  };
  switch (method.name) {
    case 'check':
      check(input, { options, method, context });
      break;
    case 'outline':
      describe(input, outlineDockerfile(input, options), {
        context,
        print: (outline) => outlineReport(outline, input.source, method),
      });
      break;
    case 'targets':
      describe(input, listTargets(input), { context, print: (stages) => targetsReport(stages, input.source, method) });
      break;
    case 'subrequests.describe':
      context.terminal.out(describeMethods(method));
      break;
  }
}

interface CheckRun {
  readonly options: CheckOptions;
  readonly method: CallMethod;
  readonly context: CommandContext;
}

function check(input: DockerfileInput, { options, method, context }: CheckRun): void {
  const result = checkDockerfile(input, options);
  context.terminal.out(checkReport(result, input.source, method));
  const [first] = result.problems;
  if (first) fail(input, result, context);
  else if (result.warnings.length > 0 && !method.ignoreStatus) context.exitCode = 1;
}

function describe<Answer>(
  input: DockerfileInput,
  described: Described<Answer>,
  { context, print }: { readonly context: CommandContext; readonly print: (answer: Answer) => string },
): void {
  if (described.problems) fail(input, described, context);
  else context.terminal.out(print(described.answer));
}

function fail(input: DockerfileInput, result: Parameters<typeof problemText>[0], context: CommandContext): void {
  context.terminal.err(`ERROR: ${problemText(result, input.source)}`);
  context.exitCode = 1;
}

function readInput(path: string, { file }: BuildFlags, { terminal }: CommandContext): DockerfileInput {
  const { stdin } = terminal;
  if (path === '-') return readFromStdin(file, stdin);
  if (!isDirectory(path)) {
    const isRemote = /^(?:https?|git|ssh):\/\/|^git@|^github\.com\//.test(path);
    const hint = isRemote
      ? 'contexts from elsewhere are not fetched by this version; clone it first'
      : 'the last argument is the build context, usually .';
    throw new KilnError('cli/context', `unable to prepare context: path "${path}" not found`, { hint });
  }
  return readDockerfile({ file: file ?? join(path, 'Dockerfile'), context: path, stdin });
}

/** With `-` for a context, standard input is the Dockerfile, and there is no context. */
function readFromStdin(file: string | undefined, stdin: () => Uint8Array): DockerfileInput {
  const bytes = stdin();
  if (file === '-') throw new KilnError('cli/context', "can't use stdin for both build context and dockerfile");
  if (isArchive(bytes)) {
    const hint = 'unpack it, and name the directory';
    throw new KilnError('cli/context', 'an archive on standard input is no Dockerfile', { hint });
  }
  if (file !== undefined) {
    throw new KilnError('cli/context', 'ambiguous Dockerfile source: both stdin and flag correspond to Dockerfiles');
  }
  return readDockerfile({ file: '-', context: undefined, stdin: () => bytes });
}

/** By the first bytes: gzip, bzip2, xz, zstd, tar. */
function isArchive(bytes: Uint8Array): boolean {
  const text = Buffer.from(bytes.subarray(0, 512)).toString('latin1');
  return /^(?:\x1f\x8b|BZh|\xfd7zXZ|\x28\xb5\x2f\xfd)/.test(text) || text.slice(257, 262) === 'ustar';
}
