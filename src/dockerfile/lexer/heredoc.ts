import type { Heredoc } from '../parser/ast.ts';
import { emptyEnvironment } from '../words/environment.ts';
import { expandWord } from '../words/expand.ts';
import type { ExpandOptions } from '../words/scan.ts';
import { WordError } from '../words/word-error.ts';

/** `3<<-"EOF"` taken apart. */
export type HeredocStart = Omit<Heredoc, 'content' | 'span'>;

const start = /^(\d*)<<(-?)[\t\n\f\r ]*([^<]*)$/;
const leadingTabs = /(?<![^\n])\t+/g; // `^` would also be behind a carriage return
const options: ExpandOptions = { escape: '\\', keepUnset: true };

/**
 * The heredocs that an instruction opens, in order. A line that is no sequence of shell words opens none.
 *
 * The escape character is `\` here, whatever the file says, because this part of the line belongs to the shell.
 */
export function findHeredocs(line: string): readonly HeredocStart[] {
  if (!line.includes('<<')) return [];
  const words = shellWords(line, { ...options, rawQuotes: true, rawEscapes: true }) ?? [];
  return words.flatMap((word) => parseHeredoc(word) ?? []);
}

/** What a word opens, if it is a heredoc operator with its delimiter. */
export function parseHeredoc(word: string): HeredocStart | undefined {
  const match = word.includes('<<') ? start.exec(word) : null;
  const [, fileDescriptor = '', chomp = '', delimiter = ''] = match ?? [];
  if (delimiter === '') return undefined;
  const [name, ...others] = shellWords(delimiter, options) ?? [];
  const [raw] = shellWords(delimiter, { ...options, rawQuotes: true }) ?? [];
  if (name === undefined || raw === undefined || others.length > 0) return undefined;
  return {
    name,
    expand: countQuotes(name) === countQuotes(raw),
    chomp: chomp === '-',
    fileDescriptor: Number(fileDescriptor),
  };
}

/** The content without the tabs at the beginning of its lines. */
export function chompHeredoc(content: string): string {
  return content.replace(leadingTabs, '');
}

function shellWords(text: string, how: ExpandOptions): readonly string[] | undefined {
  try {
    return expandWord(text, emptyEnvironment, how).words;
  } catch (error) {
    if (error instanceof WordError) return undefined;
    throw error;
  }
}

function countQuotes(text: string): number {
  return text.replace(/[^'"]+/g, '').length;
}
