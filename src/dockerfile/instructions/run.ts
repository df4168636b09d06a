import { quote } from '../../spec/quote.ts';
import { ValueError } from '../../spec/value-error.ts';
import { values } from '../hints.ts';
import type { Statement, Word } from '../parser/ast.ts';
import { fail } from '../problem.ts';
import { commandLine } from './command-line.ts';
import type { RunCommand } from './command.ts';
import { parseDevice } from './device.ts';
import { parseFlags } from './flags.ts';
import { checkMount } from './mount.ts';
import { originOf } from './origin.ts';

const networks = ['default', 'none', 'host'] as const;
const securities = ['sandbox', 'insecure'] as const;

/** Throws ProblemError `flag-value`, or those of flags. */
export function parseRun(statement: Statement): RunCommand {
  const flags = parseFlags(statement, {
    device: 'strings',
    mount: 'strings',
    network: 'string',
    security: 'string',
  });
  const devices = flags.strings('device').map((word) => read(statement, word, parseDevice));
  const mounts = flags.strings('mount');
  for (const word of mounts) read(statement, word, checkMount);
  const network = flags.used.includes('network') ? flags.string('network') : undefined;
  const security = flags.used.includes('security') ? flags.string('security') : undefined;
  return {
    kind: 'run',
    origin: originOf(statement),
    command: commandLine(statement),
    files: statement.heredocs.map(({ name, content, chomp }) => ({ name, content, chomp })),
    flagsUsed: flags.used,
    mounts,
    devices,
    network: network ? choose(statement, networks, network, (value) => `invalid network mode ${value}`) : 'default',
    security: security
      ? choose(statement, securities, security, (value) => `security ${value} is not valid`)
      : 'sandbox',
  };
}

function read<Value>(statement: Statement, word: Word, parse: (text: string) => Value): Value {
  try {
    return parse(word.value);
  } catch (error) {
    if (!(error instanceof ValueError)) throw error;
    return fail('flag-value', error.message, { span: word.span, lines: statement.lines, hint: values.run });
  }
}

function choose<Value extends string>(
  statement: Statement,
  options: readonly Value[],
  word: Word,
  message: (quoted: string) => string,
): Value {
  const found = options.find((option) => option === word.value);
  const hint = `use ${options.join(', ')}`;
  return found ?? fail('flag-value', message(quote(word.value)), { span: word.span, lines: statement.lines, hint });
}
