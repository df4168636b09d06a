import { usage } from '../hints.ts';
import { chompHeredoc, parseHeredoc } from '../lexer/heredoc.ts';
import type { Heredoc, Statement, Word } from '../parser/ast.ts';
import { fail } from '../problem.ts';
import { argumentWords } from './arguments.ts';
import type { AddCommand, CopyCommand, InlineSource } from './command.ts';
import { parseFlags } from './flags.ts';
import { originOf } from './origin.ts';

/** Throws ProblemError `argument-count`, `heredoc-destination`, or those of flags. */
export function parseAdd(statement: Statement): AddCommand {
  const words = transferWords(statement);
  const flags = parseFlags(statement, {
    chown: 'string',
    chmod: 'string',
    link: 'boolean',
    'keep-git-dir': 'boolean',
    checksum: 'string',
    unpack: 'boolean',
    exclude: 'strings',
  });
  return {
    kind: 'add',
    origin: originOf(statement),
    ...sourcesAndDestination(statement, words),
    chown: flags.string('chown'),
    chmod: flags.string('chmod'),
    link: flags.boolean('link') ?? false,
    exclude: flags.strings('exclude').map(({ value }) => value),
    checksum: flags.string('checksum'),
    keepGitDir: flags.boolean('keep-git-dir'),
    unpack: flags.boolean('unpack'),
  };
}

/** Throws ProblemError `argument-count`, `heredoc-destination`, or those of flags. */
export function parseCopy(statement: Statement): CopyCommand {
  const words = transferWords(statement);
  const flags = parseFlags(statement, {
    chown: 'string',
    from: 'string',
    chmod: 'string',
    link: 'boolean',
    exclude: 'strings',
    parents: 'boolean',
  });
  return {
    kind: 'copy',
    origin: originOf(statement),
    ...sourcesAndDestination(statement, words),
    from: flags.string('from'),
    chown: flags.string('chown'),
    chmod: flags.string('chmod'),
    link: flags.boolean('link') ?? false,
    exclude: flags.strings('exclude').map(({ value }) => value),
    parents: flags.boolean('parents') ?? false,
  };
}

function transferWords(statement: Statement): readonly Word[] {
  const words = argumentWords(statement);
  if (words.length >= 2) return words;
  const command = (statement.name ?? '').toUpperCase();
  const message = `${command} requires at least two arguments, but only one was provided. Destination could not be determined`;
  const place = { span: statement.span, lines: statement.lines, hint: statement.name && usage[statement.name] };
  return fail('argument-count', message, place);
}

function sourcesAndDestination(statement: Statement, words: readonly Word[]) {
  const destination = words.at(-1) ?? statement.keyword;
  if (parseHeredoc(destination.value)) {
    const message = `${(statement.name ?? '').toUpperCase()} cannot accept a heredoc as a destination`;
    fail('heredoc-destination', message, {
      span: destination.span,
      lines: statement.lines,
      hint: 'the destination comes last',
    });
  }
  const heredocs = new Map(statement.heredocs.map((heredoc) => [heredoc.name, heredoc]));
  const sources: Word[] = [];
  const contents: InlineSource[] = [];
  for (const word of words.slice(0, -1)) {
    const content = inlineSource(heredocs, word);
    if (content) contents.push(content);
    else sources.push(word);
  }
  return { sources, contents, destination };
}

function inlineSource(heredocs: ReadonlyMap<string, Heredoc>, word: Word): InlineSource | undefined {
  const start = parseHeredoc(word.value);
  if (!start) return undefined;
  const body = heredocs.get(start.name);
  const content = body?.content ?? '';
  return {
    path: start.name,
    content: start.chomp ? chompHeredoc(content) : content,
    expand: start.expand,
    span: body?.span ?? word.span,
  };
}
