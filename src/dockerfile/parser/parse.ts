import nearley from 'nearley';
import { assert } from '../../diagnostic/assert.ts';
import type { Source } from '../../diagnostic/source.ts';
import { findHeredocs } from '../lexer/heredoc.ts';
import { lexInstruction, type LexedInstruction } from '../lexer/instruction-lexer.ts';
import { LineReader } from '../lexer/line-reader.ts';
import type { LogicalLine } from '../lexer/logical-line.ts';
import { problem, type LineRange, type Problem } from '../problem.ts';
import type { Ast, Heredoc, Instruction, Statement } from './ast.ts';
import { formProblems } from './form-problems.ts';
import compiled from './grammar.generated.js';
import { terminals } from './terminals.ts';

const parser = new nearley.Parser(nearley.Grammar.fromCompiled(compiled));
/** Before the first token, where every instruction begins again. */
const start = parser.save();

/**
 * Reads a Dockerfile. Never throws for what is in the file: see {@link Ast.problems}.
 *
 * @see https://docs.docker.com/reference/dockerfile/
 */
export function parseDockerfile(source: Source): Ast {
  const reader = new LineReader(source);
  const statements: Statement[] = [];
  const problems: Problem[] = [];
  for (let line = reader.next(); line; line = reader.next()) {
    statements.push(parseStatement(line, reader, problems));
  }
  if (statements.length === 0 && reader.problems.length === 0) problems.push(noInstructions(source, reader.lineNumber));
  else if (reader.overlong) problems.push(reader.overlong);
  const { directives, escape } = reader;
  return { source, escape, directives, statements, problems: [...reader.problems, ...problems] };
}

function parseStatement(line: LogicalLine, reader: LineReader, problems: Problem[]): Statement {
  const lexed = lexInstruction(line, reader.escape);
  const instruction = parseTokens(lexed, line);
  problems.push(...formProblems(instruction, lexed.misformedArrays, line.lines));
  const heredocs = canHaveHeredoc(instruction) ? readHeredocs(line, reader, problems) : [];
  const lines: LineRange = [line.lines[0], reader.lineNumber];
  const { text, comments, blankLines } = line;
  const end = Math.max(lineEnd(line), heredocs.length > 0 ? line.source.lineStart(lines[1] + 1) : 0);
  const span = { source: line.source, start: line.segments[0]?.sourceStart ?? 0, end };
  return { ...instruction, text, span, lines, comments, heredocs, blankLines };
}

/** Feeds tokens to the grammar, which must have exactly one reading for whatever the lexer gives. */
function parseTokens({ tokens }: LexedInstruction, line: LogicalLine): Instruction {
  parser.restore(start);
  terminals.load(tokens);
  const span = tokens[0]?.span;
  try {
    parser.feed('');
  } catch (cause) {
    assert(false, `the grammar rejects ${tokens.map(({ type }) => type).join(' ')}: ${String(cause)}`, span);
  }
  assert(parser.results.length === 1, `the grammar has ${parser.results.length} readings of: ${line.text}`, span);
  return parser.results[0] as Instruction;
}

/** Whether `<<EOF` means anything in an instruction: not in the JSON form. */
export function canHaveHeredoc(instruction: Instruction): boolean {
  const { arguments: args } = instruction;
  const inner = instruction.name === 'onbuild' && args.kind === 'trigger' ? args.instruction : instruction;
  return (inner.name === 'run' || inner.name === 'copy' || inner.name === 'add') && inner.arguments.kind !== 'array';
}

function readHeredocs(line: LogicalLine, reader: LineReader, problems: Problem[]): readonly Heredoc[] {
  return findHeredocs(line.text).map((start) => {
    const body = reader.heredoc(start.name, start.chomp);
    const span = { source: line.source, start: body.start, end: body.start + body.content.length };
    if (body.unterminated) {
      const hint = `end it with a line that is ${start.name} and nothing else`;
      const lines: LineRange = [line.lines[0], reader.lineNumber];
      const place = { span: firstLine(line), lines, hint };
      problems.push(problem('heredoc-unterminated', 'unterminated heredoc', place));
    }
    return { ...start, content: body.content, span };
  });
}

function firstLine(line: LogicalLine): Problem['span'] {
  const start = line.segments[0]?.sourceStart ?? 0;
  const length = line.segments[1]?.start ?? line.text.length;
  return { source: line.source, start, end: start + length };
}

function noInstructions(file: Source, lineNumber: number): Problem {
  const span = { source: file, start: 0, end: 0 };
  const hint = 'a Dockerfile begins with FROM';
  return problem('no-instructions', 'file with no instructions', { span, lines: [lineNumber, lineNumber], hint });
}

function lineEnd(line: LogicalLine): number {
  const last = line.segments.at(-1);
  return last ? last.sourceStart + line.text.length - last.start : 0;
}
