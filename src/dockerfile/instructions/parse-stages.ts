import type { Ast, Statement } from '../parser/ast.ts';
import { problem, ProblemError, type Problem } from '../problem.ts';
import type { Command, CommandOf, From, Stage } from './command.ts';
import { parseInstruction } from './parse-instruction.ts';

/** A Dockerfile, typed. */
export interface Dockerfile {
  readonly ast: Ast;
  /** ARG before the first FROM. */
  readonly globalArgs: readonly CommandOf<'arg'>[];
  readonly stages: readonly Stage[];
  /** What each instruction is; those with a mistake are missing. */
  readonly commands: ReadonlyMap<Statement, Command | From>;
  /** In the order of the file. BuildKit names the first, but none of these if the text has problems already. */
  readonly problems: readonly Problem[];
}

/** Types every instruction and sorts them into stages. Mistakes are gathered; an instruction that has one is left out. */
export function parseStages(ast: Ast): Dockerfile {
  const globalArgs: CommandOf<'arg'>[] = [];
  const stages: { readonly from: From; readonly commands: Command[] }[] = [];
  const typed = new Map<Statement, Command | From>();
  const problems: Problem[] = [];
  // A FROM that could not be read begins a stage all the same, or everything below it would be a mistake too.
  let lostStage = false;
  let outside = false;
  for (const statement of ast.statements) {
    const command = attempt(statement, problems);
    if (command) typed.set(statement, command);
    if (statement.name === 'from') lostStage = command === undefined;
    if (!command || (lostStage && command.kind !== 'from')) continue;
    if (command.kind === 'from') stages.push({ from: command, commands: [] });
    else if (stages.length === 0 && command.kind === 'arg') globalArgs.push(command);
    else if (stages.length === 0) {
      if (!outside) problems.push(outsideStage(statement));
      outside = true;
    } else stages.at(-1)?.commands.push(command);
  }
  return { ast, globalArgs, stages, commands: typed, problems };
}

function attempt(statement: Statement, problems: Problem[]): Command | From | undefined {
  try {
    return parseInstruction(statement);
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    problems.push(error.problem);
    return undefined;
  }
}

/** One mistake, however many instructions stand before the first FROM. */
function outsideStage(statement: Statement): Problem {
  const place = { span: statement.span, lines: statement.lines, hint: 'begin with FROM <image>' };
  return problem('no-stage', 'no build stage in current context', place);
}
