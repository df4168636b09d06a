import { usage } from '../hints.ts';
import type { Arguments, Instruction, Statement, Word } from '../parser/ast.ts';
import { fail } from '../problem.ts';

/** The arguments as one list, whatever their form; those of a trigger are its keyword and its own. */
export function argumentWords(instruction: Instruction): readonly Word[] {
  const words: Word[] = [];
  let args: Arguments | undefined = instruction.arguments;
  while (args) {
    if (args.kind === 'text') words.push(args.text);
    else if (args.kind === 'words') words.push(...args.words);
    else if (args.kind === 'array') words.push(...args.items);
    if (args.kind === 'trigger') words.push(args.instruction.keyword);
    if (args.kind === 'probe') words.push(args.type);
    args = args.kind === 'trigger' ? args.instruction.arguments : args.kind === 'probe' ? args.command : undefined;
  }
  return words;
}

/** The only argument. Throws ProblemError `argument-count`. */
export function onlyArgument(statement: Statement): Word {
  const [first, ...others] = argumentWords(statement);
  if (first && others.length === 0) return first;
  return countProblem(statement, 'exactly one argument');
}

/** All arguments. Throws ProblemError `argument-count` if there is none. */
export function someArguments(statement: Statement): readonly Word[] {
  const words = argumentWords(statement);
  return words.length > 0 ? words : countProblem(statement, 'at least one argument');
}

/** Throws ProblemError `argument-count`: `X requires ...`. */
export function countProblem(statement: Statement, wanted: string): never {
  const command = (statement.name ?? '').toUpperCase();
  return fail('argument-count', `${command} requires ${wanted}`, {
    span: statement.keyword.span,
    lines: statement.lines,
    hint: statement.name && usage[statement.name],
  });
}
