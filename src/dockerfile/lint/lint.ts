import type { Source } from '../../diagnostic/source.ts';
import { ValueError } from '../../spec/value-error.ts';
import type { EvaluateOptions } from '../evaluate/context.ts';
import { evaluate, type Evaluation } from '../evaluate/evaluate.ts';
import type { LintListener } from '../evaluate/event.ts';
import { parseStages, type Dockerfile } from '../instructions/parse-stages.ts';
import { findDirective } from '../lexer/directives.ts';
import type { Statement } from '../parser/ast.ts';
import { parseDockerfile } from '../parser/parse.ts';
import { problem, type Problem } from '../problem.ts';
import { Linter, type Warning } from './linter.ts';
import { parseLintOptions, type LintOptions } from './options.ts';

/** What there is to say about a Dockerfile. */
export interface LintResult {
  readonly file: Dockerfile;
  /** In the order in which BuildKit gives them; those of before the first problem. */
  readonly warnings: readonly Warning[];
  /** The one that BuildKit names comes first. */
  readonly problems: readonly Problem[];
  /** Absent if the file is not even readable. */
  readonly evaluation: Evaluation | undefined;
}

/** What is read of a Dockerfile, however it is evaluated. */
export function readDockerfile(source: Source): Dockerfile {
  return parseStages(parseDockerfile(source));
}

/**
 * Evaluates a Dockerfile with all rules watching.
 *
 * @param file what {@link readDockerfile} made of it, for who evaluates it more than once
 * @see https://docs.docker.com/build/checks/
 */
export function lintDockerfile(
  source: Source,
  options: Omit<EvaluateOptions, 'listen'>,
  file = readDockerfile(source),
): LintResult {
  const lintOptions = readOptions(source);
  if ('message' in lintOptions) return { file, warnings: [], problems: [lintOptions], evaluation: undefined };
  const linter = new Linter(source, lintOptions);
  const unreadable = source.text === '' ? [emptyFile(source)] : [...file.ast.problems, ...file.problems];
  if (file.ast.problems.length === 0) emitStatements(file, linter.listen);
  if (unreadable.length > 0) return { file, warnings: linter.warnings, problems: unreadable, evaluation: undefined };
  const evaluation = evaluate(file, { ...options, listen: linter.listen });
  const problems =
    evaluation.problems.length > 0 ? evaluation.problems : violations(source, linter.warnings, lintOptions);
  return { file, warnings: linter.warnings, problems, evaluation };
}

function readOptions(source: Source): LintOptions | Problem {
  const directive = findDirective(source, 'check');
  try {
    return parseLintOptions(directive?.first ?? '');
  } catch (error) {
    if (!(error instanceof ValueError)) throw error;
    const start = source.lineStart(directive?.line ?? 1);
    const span = { source, start, end: start + source.line(directive?.line ?? 1).length };
    const hint = 'the form is: # check=skip=<rules>;experimental=<rules>;error=<true|false>';
    return problem('check-options', `failed to parse check options: ${error.message}`, { span, hint });
  }
}

/** The events of reading, up to the first instruction that has a mistake. */
function emitStatements({ ast, commands, problems }: Dockerfile, emit: LintListener): void {
  for (const statement of ast.statements) if (statement.blankLines.length > 0) emit({ kind: 'blankLines', statement });
  const end = problems[0]?.span.start ?? Infinity;
  for (const statement of ast.statements) {
    if (statement.span.start > end) return;
    emit({ kind: 'statement', statement, comments: statement.comments });
    emitDefinition(statement, commands.get(statement), emit);
  }
}

function emitDefinition(
  statement: Statement,
  command: ReturnType<Dockerfile['commands']['get']>,
  emit: LintListener,
): void {
  const { comments } = statement;
  if (command?.kind === 'from' && command.name !== '') {
    emit({ kind: 'definition', instruction: 'FROM', names: [command.name], origin: command.origin, comments });
  } else if (command?.kind === 'arg') {
    const names = command.args.map(({ key }) => key);
    emit({ kind: 'definition', instruction: 'ARG', names, origin: command.origin, comments });
  }
}

/** `error=true` makes an error of any warning. */
function violations(source: Source, warnings: readonly Warning[], { error }: LintOptions): readonly Problem[] {
  if (!error || warnings.length === 0) return [];
  const names = [...new Set(warnings.map(({ rule }) => rule.name))];
  const place = { span: { source, start: 0, end: 0 }, hint: 'the file asks for this with # check=error=true' };
  return [problem('lint-violation', `lint violation found for rules: ${names.join(', ')}`, place)];
}

/** To a build, nothing at all is another mistake than nothing of use. */
function emptyFile(source: Source): Problem {
  const place = { span: { source, start: 0, end: 0 }, hint: 'a Dockerfile begins with FROM' };
  return problem('empty', 'the Dockerfile cannot be empty', place);
}
