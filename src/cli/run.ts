import { Command, CommanderError } from 'commander';
import { AssertionError } from '../diagnostic/assert.ts';
import { errorDiagnostic, isKilnError } from '../diagnostic/kiln-error.ts';
import { printDiagnostic } from '../diagnostic/print-diagnostic.ts';
import type { CommandModule } from './command-module.ts';
import type { CommandContext } from './context.ts';
import { usageError } from './exit-code.ts';
import { processTerminal, type Terminal } from './terminal.ts';
import { version } from './version.ts';

/** Commands by name. Each is loaded when it is asked for, since loading all of them takes its time. */
export type Commands = Readonly<Record<string, () => Promise<CommandModule>>>;

/** Runs a command line, and gives its exit code. */
export async function run(argv: readonly string[], commands: Commands): Promise<number> {
  const context: CommandContext = { words: argv.slice(2), terminal: processTerminal(), exitCode: 0 };
  try {
    const name = argv[2];
    const wanted = name !== undefined && Object.hasOwn(commands, name) ? await commands[name]?.() : undefined;
    // With the one command that is asked for; with all of them if none of them is, for the help.
    const all = wanted ? [wanted] : await Promise.all(Object.values(commands).map((load) => load()));
    const program = createProgram(context, all);
    if (!wanted) program.version(version, '-V, --version', 'print the version');
    await program.parseAsync([...(wanted?.plainWords?.(argv) ?? argv)]);
    return context.exitCode;
  } catch (error) {
    return report(error, context.terminal);
  }
}

function createProgram(context: CommandContext, all: readonly CommandModule[]): Command {
  const program = new Command('kiln')
    .description('Builds OCI images from Dockerfiles: no daemon, no root, no installation')
    .helpOption('-h, --help', 'print this help')
    .exitOverride()
    .configureOutput({ writeOut: context.terminal.out, writeErr: context.terminal.err })
    .showHelpAfterError('(kiln --help lists the commands)');
  for (const { add } of all) add(program, context);
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
