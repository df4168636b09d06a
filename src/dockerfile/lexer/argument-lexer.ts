import moo from 'moo';
import type { Escape } from '../parser/ast.ts';
import { gapClass, spaceClass } from './whitespace.ts';

/**
 * How a part of an instruction is read. `flags` reads bytes, each held as one character, because BuildKit does; the others
 * read text.
 */
export type LexerState = 'flags' | 'words' | 'quotedWords' | 'array';

const end = '(?![^])';

const lexers = new Map<string, moo.Lexer>();

/** The lexer for an escape character and a state, at the beginning of a text. There is one of each, so one text at a time. */
export function startLexer(escape: Escape, text: string, state: LexerState): moo.Lexer {
  const key = `${escape}${state}`;
  let lexer = lexers.get(key);
  if (!lexer) lexers.set(key, (lexer = moo.compile(rules[state](escape === '\\' ? '\\\\' : escape))));
  return lexer.reset(text);
}

/** What to look for in each state; `escape` is a regular expression. */
const rules: Readonly<Record<LexerState, (escape: string) => moo.Rules>> = {
  flags: (escape) => ({
    gap: any(`[\\n${gapClass}\\u0085\\u00a0]+`),
    flag: any(
      `(?:[^\\n${gapClass}\\u0085\\u00a0'"${escape}]+|${escape}[^]|${quoted('"', escape)}|${quoted("'", escape)})+`,
    ),
    dangling: any(`${escape}${end}`),
  }),
  words: () => ({ gap: any(`[${gapClass}]+`), word: any(`[^${gapClass}]+`) }),
  quotedWords: (escape) => ({
    gap: any(`[${spaceClass}]+`),
    word: any(`(?:[^${spaceClass}'"${escape}]+|${escape}[^]|${quoted('"', escape)}|'[^']*(?:'|${end}))+`),
    dangling: any(`${escape}${end}`),
  }),
  array: () => ({
    gap: any('[ \\t\\r\\n]+'),
    open: '[',
    close: ']',
    comma: ',',
    string: any(`"(?:[^"\\\\]+|\\\\[^])*"`),
  }),
};

/** moo wants to know of line breaks; a logical line has none left. */
function any(pattern: string): moo.Rule {
  return { match: new RegExp(pattern), lineBreaks: true };
}

/** A quote may lack its end. An escape character at the very end is left to `dangling`, which nobody wants. */
function quoted(mark: string, escape: string): string {
  return `${mark}(?:[^${mark}${escape}]+|${escape}[^])*(?:${mark}|${end}|(?=${escape}${end}))`;
}
