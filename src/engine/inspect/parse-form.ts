import { lastTextLine } from '../../dockerfile/parser/text-lines.ts';
import { dumpStatement } from '../../dockerfile/parser/dump.ts';
import { detectSyntax } from '../../dockerfile/lexer/directives.ts';
import type { Ast, Heredoc, Statement } from '../../dockerfile/parser/ast.ts';
import type { Problem } from '../../dockerfile/problem.ts';
import type { Source } from '../../diagnostic/source.ts';
import { compact, type JsonObject } from './compact.ts';

const emptyContinuation = 'https://docs.docker.com/go/dockerfile/rule/no-empty-continuation/';

/** The parser's result, or `{error, errorLines}`. */
export function parseForm(ast: Ast): JsonObject {
  const [first] = ast.problems;
  if (first) return errorForm(first);
  return compact({
    dump: ast.statements.map(dumpStatement).join('\n'),
    nodes: ast.statements.map(nodeForm),
    escape: ast.escape === '\\' ? '' : ast.escape,
    syntax: syntaxForm(ast.source),
    warnings: ast.statements.filter(({ blankLines }) => blankLines.length > 0).map(warningForm),
  });
}

/** What is wrong, and the lines that BuildKit marks. */
export function errorForm({ message, lines }: Pick<Problem, 'message' | 'lines'>): JsonObject {
  return { error: message, ...(lines && { errorLines: lines }) };
}

function syntaxForm(source: Source): JsonObject | undefined {
  const found = detectSyntax(source);
  return found && { ref: found.first, cmdline: found.value, lines: [[found.line, found.line]] };
}

function nodeForm({ lines, flags, arguments: args, heredocs, comments }: Statement): JsonObject {
  const isArray = args.kind === 'array' || (args.kind === 'probe' && args.command.kind === 'array');
  return compact({
    start: lines[0],
    end: lines[1],
    flags: flags.map(({ value }) => value),
    json: isArray,
    heredocs: heredocs.map(heredocForm),
    comment: comments.map(({ value }) => value),
  });
}

function heredocForm({ name, content, expand, chomp, fileDescriptor }: Heredoc): JsonObject {
  return compact({ name, content, expand, chomp, fd: fileDescriptor });
}

function warningForm(statement: Statement): JsonObject {
  const line = lastTextLine(statement);
  return { short: `Empty continuation line found in: ${statement.text}`, url: emptyContinuation, lines: [line, line] };
}
