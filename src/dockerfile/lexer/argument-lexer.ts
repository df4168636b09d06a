import moo from 'moo';
import type { Escape } from '../parser/ast.ts';
import { gapClass, spaceClass } from './whitespace.ts';

/**
 * The lexical states behind a keyword. `flags` reads bytes, each held as one character, because BuildKit does; the others
 * read text.
 */
export type LexerState = 'keyword' | 'flags' | 'words' | 'quotedWords' | 'array';

const end = '(?![^])';

const lexers = new Map<Escape, moo.Lexer>();

/** The lexer for an escape character, at the beginning of a text and in a state. */
export function startLexer(escape: Escape, text: string, state: LexerState): moo.Lexer {
  let lexer = lexers.get(escape);
  if (!lexer) lexers.set(escape, (lexer = createLexer(escape === '\\' ? '\\\\' : escape)));
  lexer.reset(text).setState(state);
  return lexer;
}

/** `escape` is a regular expression. */
function createLexer(escape: string): moo.Lexer {
  // moo wants to know; a logical line has no line breaks left.
  const any = (pattern: string) => ({ match: new RegExp(pattern), lineBreaks: true });
  const string = `"(?:[^"\\\\]+|\\\\[^])*"`;
  // A quote may lack its end. An escape character at the very end is left to `dangling`, which nobody wants.
  const quoted = (mark: string, plain: string, escaped: string) =>
    `${mark}(?:${plain}${escaped})*(?:${mark}|${end}|(?=${escape}${end}))`;
  const escaped = `|${escape}[^]`;
  const inDouble = quoted('"', `[^"${escape}]+`, escaped);
  const inSingle = quoted("'", `[^'${escape}]+`, escaped);
  const verbatim = `'[^']*(?:'|${end})`;
  const dangling = any(`${escape}${end}`);
  return moo.states(
    {
      keyword: { gap: any(`[${gapClass}]+`), keyword: any(`[^${gapClass}]+`) },
      flags: {
        gap: any(`[\\n${gapClass}\\u0085\\u00a0]+`),
        flag: any(`(?:[^\\n${gapClass}\\u0085\\u00a0'"${escape}]+${escaped}|${inDouble}|${inSingle})+`),
        dangling,
      },
      words: { gap: any(`[${gapClass}]+`), word: any(`[^${gapClass}]+`) },
      quotedWords: {
        gap: any(`[${spaceClass}]+`),
        word: any(`(?:[^${spaceClass}'"${escape}]+${escaped}|${inDouble}|${verbatim})+`),
        dangling,
      },
      array: { gap: any('[ \\t\\r\\n]+'), open: '[', close: ']', comma: ',', string: any(string) },
    },
    'keyword',
  );
}
