import type { Statement } from '../parser/ast.ts';
import { parse } from '../parser/testing.ts';
import { ProblemError } from '../problem.ts';
import type { Command, From } from './command.ts';
import { parseInstruction } from './parse-instruction.ts';

/*
 * For tests: typed instructions of texts.
 */

function lastStatement(text: string): Statement {
  const statement = parse(text).statements.at(-1);
  if (!statement) throw new Error(`no instruction in ${text}`);
  return statement;
}

/** The last instruction of a text. */
export function instruction(text: string): Command | From {
  return parseInstruction(lastStatement(text));
}

/** The last instruction of a text, which is of a kind. */
export function instructionOf<Kind extends (Command | From)['kind']>(
  kind: Kind,
  text: string,
): Extract<Command | From, { kind: Kind }> {
  const command = instruction(text);
  if (command.kind !== kind) throw new Error(`${text} is ${command.kind}`);
  return command as Extract<Command | From, { kind: Kind }>;
}

/** The mistake in the last instruction of a text: `code: message «what the caret is under»`, without the code's folder. */
export function mistake(text: string): string {
  try {
    instruction(text);
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    const { code, message, span } = error.problem;
    return `${code.replace('dockerfile/', '')}: ${message} «${text.slice(span.start, span.end)}»`;
  }
  throw new Error(`no mistake in ${text}`);
}

/** The values of words. */
export function valuesOf(words: readonly { readonly value: string }[]): readonly string[] {
  return words.map(({ value }) => value);
}
