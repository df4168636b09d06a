import { Command, CommanderError } from 'commander';
import { AssertionError } from '../diagnostic/assert.ts';
import { errorDiagnostic, isKilnError } from '../diagnostic/kiln-error.ts';
import { printDiagnostic } from '../diagnostic/print-diagnostic.ts';
import { addBuildCommand } from './commands/build.ts';
import { plainSwitches } from './commands/build-flags.ts';
import { addDebugCommand } from './commands/debug.ts';
import { addLintCommand } from './commands/lint.ts';
import type { CommandContext } from './context.ts';
import { usageError } from './exit-code.ts';
import { processTerminal, type Terminal } from './terminal.ts';
import { version } from './version.ts';

/** Runs a command line, and gives its exit code. */
export async function run(argv: readonly string[]): Promise<number> {
  const context: CommandContext = { terminal: processTerminal(), exitCode: 0 };
  try {
    const words = argv[2] === 'build' ? plainSwitches(argv) : argv;
    await createProgram(context, argv[2]).parseAsync([...words]);
    return context.exitCode;
  } catch (error) {
    return report(error, context.terminal);
  }
}

type AddCommand = (program: Command, context: CommandContext) => void;

const commands: Readonly<Record<string, AddCommand>> = {
  lint: addLintCommand,
  build: addBuildCommand,
  debug: addDebugCommand,
};

/** With the one command that is asked for; with all of them if none of them is, for the help. */
function createProgram(context: CommandContext, name: string | undefined): Command {
  const program = new Command('kiln')
    .description('Builds OCI images from Dockerfiles: no daemon, no root, no installation')
    .helpOption('-h, --help', 'print this help')
    .exitOverride()
    .configureOutput({ writeOut: context.terminal.out, writeErr: context.terminal.err })
    .showHelpAfterError('(kiln --help lists the commands)');
  const wanted = name !== undefined && Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!wanted) program.version(version, '-V, --version', 'print the version');
  for (const add of wanted ? [wanted] : Object.values(commands)) add(program, context);
  return program;
}

function report(error: unknown, { err, errColor }: Terminal): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : usageError;
  if (isKilnError(error)) {
    err(printDiagnostic(errorDiagnostic(error), { color: errColor }));
    return usageError;
  }
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const place =
    error instanceof AssertionError && error.span
      ? ` at ${error.span.source.name}:${error.span.source.lineAt(error.span.start)}`
      : '';
  err(`error: this is a bug in Kiln${place}; please report it with the input\n${detail}\n`);
  return 70; // EX_SOFTWARE of sysexits.h
}
