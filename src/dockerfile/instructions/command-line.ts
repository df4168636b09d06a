import type { Statement } from '../parser/ast.ts';
import { argumentWords } from './arguments.ts';
import type { CommandLine } from './command.ts';

/** The arguments of RUN, CMD and ENTRYPOINT. */
export function commandLine(statement: Statement): CommandLine {
  const words = argumentWords(statement).map(({ value }) => value);
  return { arguments: words, prependShell: statement.arguments.kind !== 'array' };
}
