import { dirname, join } from 'node:path';
import { Option, type Command } from 'commander';
import {
  checkDockerfile,
  encodeDockerfile,
  mendDockerfile,
  readDockerfile,
  type CheckOptions,
  type DockerfileInput,
} from '../../engine/index.ts';
import { errorDiagnostic, isKilnError, type KilnError } from '../../diagnostic/kiln-error.ts';
import { printDiagnostic } from '../../diagnostic/print-diagnostic.ts';
import { usageError } from '../exit-code.ts';
import type { LintedFile, LintFormatter } from '../format/lint-report.ts';
import { formatLintGithub } from '../format/lint-github.ts';
import { formatLintJson } from '../format/lint-json.ts';
import { formatLintSarif } from '../format/lint-sarif.ts';
import { formatLintText } from '../format/lint-text.ts';
import { isDirectory } from '../is-directory.ts';
import { replaceFile } from '../replace-file.ts';
import type { CommandModule } from '../command-module.ts';
import type { CommandContext } from '../context.ts';
import { gatherBuildArg } from './options.ts';

const formatters = {
  text: formatLintText,
  json: formatLintJson,
  github: formatLintGithub,
  sarif: formatLintSarif,
} satisfies Record<string, LintFormatter>;

interface LintFlags {
  readonly format: keyof typeof formatters;
  readonly fix?: boolean;
  readonly context?: string;
  readonly target?: string;
  readonly platform?: string;
  readonly buildArg?: ReadonlyMap<string, string>;
}

/** `kiln lint`: exit code 0 if all is well, 1 if there is something to say, 2 if a file cannot be read. */
export const lintCommand: CommandModule = { add: addLintCommand };

function addLintCommand(program: Command, context: CommandContext): void {
  program
    .command('lint')
    .description('check Dockerfiles for mistakes')
    .argument('[path...]', 'Dockerfiles, or directories that hold one; - is standard input (default: .)')
    .addOption(new Option('--format <format>', 'how to print').choices(Object.keys(formatters)).default('text'))
    .option('--fix', 'mend what can be mended without changing the image')
    .option('--context <directory>', 'build context, whose .dockerignore counts (default: that of the Dockerfile)')
    .option('--target <stage>', 'check only what this stage needs')
    .option('--platform <platform>', 'platform to build for')
    .option('--build-arg <name=value>', 'set a build argument', gatherBuildArg)
    .action((paths: readonly string[], flags: LintFlags) => {
      lint(paths, flags, context);
    });
}

function lint(paths: readonly string[], flags: LintFlags, context: CommandContext): void {
  const { terminal } = context;
  const options: CheckOptions = {
    buildArgs: flags.buildArg ?? new Map(),
    target: flags.target,
    platform: flags.platform,
  };
  const files: LintedFile[] = [];
  const failures: KilnError[] = [];
  for (const path of paths.length === 0 ? ['.'] : paths) {
    try {
      files.push(lintFile(path, { flags, options, context }));
    } catch (error) {
      if (!isKilnError(error)) throw error;
      failures.push(error);
    }
  }
  // A mended standard input is the output; what is left to say goes beside it.
  const print = flags.fix && files.some(({ path }) => path === '-') ? terminal.err : terminal.out;
  if (files.length > 0) print(formatters[flags.format](files, { color: terminal.outColor }));
  for (const failure of failures) terminal.err(printDiagnostic(errorDiagnostic(failure), { color: terminal.errColor }));
  const isFaulty = files.some(({ result }) => result.problems.length > 0 || result.warnings.length > 0);
  context.exitCode = failures.length > 0 ? usageError : isFaulty ? 1 : 0;
}

interface LintRun {
  readonly flags: LintFlags;
  readonly options: CheckOptions;
  readonly context: CommandContext;
}

function lintFile(path: string, { flags, options, context }: LintRun): LintedFile {
  const file = dockerfileAt(path);
  const input = readDockerfile({
    file,
    context: flags.context ?? (file === '-' ? '.' : dirname(file)),
    stdin: context.terminal.stdin,
  });
  if (flags.fix) return mend(input, options, context);
  return { path: input.source.name, result: checkDockerfile(input, options), fixed: 0 };
}

function mend(input: DockerfileInput, options: CheckOptions, { terminal }: CommandContext): LintedFile {
  const { name: path, text: before } = input.source;
  const { text, fixed, result } = mendDockerfile(input, options);
  if (path === '-') terminal.out(text);
  else if (text !== before) replaceFile(path, encodeDockerfile(text));
  return { path, result, fixed: fixed.length };
}

function dockerfileAt(path: string): string {
  if (path === '-') return path;
  return isDirectory(path) ? join(path, 'Dockerfile') : path;
}
