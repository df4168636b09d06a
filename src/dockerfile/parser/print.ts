import { matchDirective } from '../lexer/directives.ts';
import { findHeredocs } from '../lexer/heredoc.ts';
import { arrayForm } from '../lexer/json-array.ts';
import { continuationStart } from '../lexer/line-reader.ts';
import { isSpace, skipSpace } from '../lexer/whitespace.ts';
import type { Arguments, Ast, Comment, Escape, Heredoc, Instruction, Pair, Statement } from './ast.ts';
import { foldLine } from './fold-line.ts';
import { canHaveHeredoc } from './parse.ts';
import { printFlag } from './print-flag.ts';

/**
 * A Dockerfile that says what an AST says: parsed again, it gives the same AST, save for the places of things (spans, lines,
 * blank lines) and {@link Statement.text}, the spelling of an instruction as a whole.
 *
 * Every instruction stands on one line, unless that gets too long to be read. Keywords, words and pairs are printed as they
 * were written, flags with quotes of their own, the JSON form from its values.
 *
 * What the AST does not hold is lost: the arguments of instructions that do not exist, comments below the last instruction.
 * So are problems that belong to no instruction: a repeated directive, an overlong line, a heredoc without an end.
 */
export function printDockerfile({ directives, statements, escape }: Ast): string {
  const parts = directives.map(({ name, value }) => `# ${name}=${value}\n`);
  if (startsLikeDirective(statements)) parts.push('\n');
  for (const statement of statements) {
    for (const comment of statement.comments) parts.push(`${printComment(comment)}\n`);
    parts.push(printStatement(statement, escape));
  }
  const text = parts.join('');
  // A reader drops the first byte order mark of a file; this one is part of a keyword.
  return text.startsWith('\ufeff') ? `\ufeff${text}` : text;
}

/** A blank line ends the directives, so that a comment that looks like one stays a comment. */
function startsLikeDirective(statements: readonly Statement[]): boolean {
  const comment = statements[0]?.comments[0];
  return comment !== undefined && matchDirective(printComment(comment), '#') !== undefined;
}

/** `#!` stays in one piece: some tools look for directives below such a line. */
function printComment({ value }: Comment): string {
  return value.startsWith('!') ? `#${value}` : `# ${value}`;
}

function printStatement(statement: Statement, escape: Escape): string {
  const { heredocs, text } = statement;
  const line = printInstruction(statement, escape);
  // Where new quotes or single blanks would make other heredocs of the line, it stays as it was.
  const faithful = opensItsHeredocs(statement, line) ? line : text.slice(skipSpace(text));
  return `${foldLine(closeLine(faithful, escape), escape)}\n${printHeredocs(heredocs)}`;
}

function opensItsHeredocs(statement: Statement, line: string): boolean {
  if (!canHaveHeredoc(statement)) return true;
  const found = findHeredocs(line);
  return (
    found.length === statement.heredocs.length &&
    statement.heredocs.every(({ name, expand, chomp, fileDescriptor }, index) => {
      const other = found[index];
      return (
        other?.name === name &&
        other.expand === expand &&
        other.chomp === chomp &&
        other.fileDescriptor === fileDescriptor
      );
    })
  );
}

/** Keeps an instruction from being continued by the next line, and an empty one from being a blank line. */
function closeLine(line: string, escape: Escape): string {
  if (line === '') return escape;
  return continuationStart(line, 0, escape) === undefined ? line : `${line}\f`;
}

/** Triggers may nest deeply, so there is no recursion. */
function printInstruction(instruction: Instruction, escape: Escape): string {
  const words: string[] = [];
  for (let inner = instruction; ; inner = inner.arguments.instruction) {
    words.push(inner.keyword.value);
    for (const { value } of inner.flags) words.push(printFlag(value, escape));
    const next = inner.arguments.kind === 'trigger' ? inner.arguments.instruction.keyword.value : undefined;
    const rest = next ?? (printArguments(inner.arguments, escape) || placeholder(words));
    if (rest.startsWith('--')) words.push('--'); // the end of flags
    if (inner.arguments.kind === 'trigger') continue;
    if (rest !== '') words.push(rest);
    return words.join(' ');
  }
}

/** Behind a keyword that ends in white space, something must follow for that to belong to it. */
function placeholder(words: readonly string[]): string {
  return isSpace(words.at(-1)?.at(-1) ?? '') ? '-' : '';
}

function printArguments(args: Arguments, escape: Escape): string {
  switch (args.kind) {
    case 'none':
    case 'unknown':
    case 'trigger':
      return '';
    case 'text':
      return args.text.value;
    case 'array':
      return `[${args.items.map(({ value }) => JSON.stringify(value)).join(', ')}]`;
    case 'words':
      return keepSpace(printWords(args.words.map(({ value }) => value)), escape);
    case 'pairs':
      return keepSpace(args.pairs.map((pair) => printPair(pair, escape)).join(' '), escape);
    case 'probe':
      return [args.type.value, printArguments(args.command, escape)].filter((part) => part !== '').join(' ');
  }
}

/** White space at the end belongs to quotes that are never closed; an escape character, which is dropped, keeps it there. */
function keepSpace(line: string, escape: Escape): string {
  return isSpace(line.at(-1) ?? '') ? `${line}${escape}` : line;
}

/** Words that would be JSON with blanks between them are none with form feeds. */
function printWords(words: readonly string[]): string {
  const line = words.join(' ');
  return words.length === 1 || arrayForm(line) === 'not JSON' ? line : words.join('\f');
}

/** A key that ends in an escape character would take the next word in; two blanks keep it off. */
function printPair({ key, value, separator }: Pair, escape: Escape): string {
  if (separator !== ' ') return `${key.value}${separator ?? ''}${value?.value ?? ''}`;
  return `${key.value}${key.value.endsWith(escape) ? '  ' : ' '}${value?.value ?? ''}`;
}

function printHeredocs(heredocs: readonly Heredoc[]): string {
  const parts: string[] = [];
  for (const heredoc of heredocs) {
    parts.push(heredoc.content);
    if (!hasEnd(heredoc)) break;
    parts.push(`${heredoc.name}\n`);
  }
  return parts.join('');
}

/** Content that breaks off within a line had no end, and some delimiters no line can be. */
function hasEnd({ name, content, chomp }: Heredoc): boolean {
  const isWholeLines = content === '' || content.endsWith('\n');
  return isWholeLines && !name.endsWith('\r') && !(chomp && name.startsWith('\t'));
}
