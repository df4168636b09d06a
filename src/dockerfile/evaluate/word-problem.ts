import { ValueError } from '../../spec/value-error.ts';
import type { Origin } from '../instructions/command.ts';
import * as hints from '../hints.ts';
import { instructionNames, type Word } from '../parser/ast.ts';
import { fail } from '../problem.ts';
import { WordError } from '../words/word-error.ts';

/** Runs what may find a mistake in a word, and gives the mistake its place. */
export function wordProblem<Result>(word: Word, origin: Origin, run: (text: string) => Result): Result {
  try {
    return run(word.value);
  } catch (error) {
    const { lines, keyword } = origin;
    if (error instanceof ValueError) {
      const name = instructionNames.find((known) => known === keyword.value.toLowerCase());
      return fail('value', error.message, { span: word.span, lines, hint: name && hints.values[name] });
    }
    if (!(error instanceof WordError)) throw error;
    return fail('substitution', error.message, {
      span: caretSpan(word, error.offset),
      lines,
      hint: hints.substitution,
    });
  }
}

/** The caret can only point into the word if it stands in the source as it is. */
function caretSpan({ value, span }: Word, offset: number): Word['span'] {
  const { source, start, end } = span;
  const isVerbatim = end - start === value.length && source.text.startsWith(value, start);
  return isVerbatim && offset < value.length ? { source, start: start + offset, end } : span;
}
