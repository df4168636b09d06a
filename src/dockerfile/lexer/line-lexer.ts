import moo from 'moo';
import { lazy } from '../../spec/lazy.ts';
import { spaceClass } from './whitespace.ts';

/** The kinds of physical lines, and what ends them. */
export type LineTokenType = 'comment' | 'blank' | 'text' | 'newline';

const blank = spaceClass.replace('\\n', '');

const lexer = lazy(() =>
  moo.compile({
    newline: { match: '\n', lineBreaks: true },
    comment: new RegExp(`[${blank}]*#[^\\n]*`),
    blank: new RegExp(`[${blank}]+(?![^\\n])`),
    text: /[^\n]+/,
  }),
);

/** Cuts a Dockerfile into physical lines, and tells comments and blank lines from text. One text at a time. */
export function startLineLexer(text: string): moo.Lexer {
  return lexer().reset(text);
}
