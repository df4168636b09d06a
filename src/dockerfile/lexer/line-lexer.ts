import moo from 'moo';
import { spaceClass } from './whitespace.ts';

const blank = spaceClass.replace('\\n', '');

/** The kinds of physical lines, and what ends them. */
export type LineTokenType = 'bom' | 'comment' | 'blank' | 'text' | 'newline';

/**
 * Cuts a Dockerfile into physical lines.
 *
 * `main` tells comments and blank lines from text; in `heredoc` every line is text, whatever it looks like.
 */
export function createLineLexer(): moo.Lexer {
  const newline = { match: '\n', lineBreaks: true };
  return moo.states(
    {
      file: { bom: { match: /\ufeff/, next: 'main' }, ...mainRules(newline) },
      main: mainRules(newline),
      heredoc: { newline, text: /[^\n]+/ },
    },
    'file',
  );
}

function mainRules(newline: moo.Rule): moo.Rules {
  return {
    newline: { ...newline, next: 'main' },
    comment: { match: new RegExp(`[${blank}]*#[^\\n]*`), next: 'main' },
    blank: { match: new RegExp(`[${blank}]+(?![^\\n])`), next: 'main' },
    text: { match: /[^\n]+/, next: 'main' },
  };
}
