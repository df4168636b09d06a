import type { Span } from '../../diagnostic/source.ts';
import type { LintEvent, LintEventOf } from '../evaluate/event.ts';

/** A replacement of text. */
export interface Edit {
  readonly span: Span;
  readonly text: string;
}

/** What a rule has to say about a place. */
export interface Finding {
  readonly message: string;
  /** The lines that BuildKit marks. */
  readonly lines: readonly number[];
  /** Where the caret goes. */
  readonly span: Span;
  /** Edits that mend it and change nothing else about the image. */
  readonly fix?: readonly Edit[] | undefined;
}

export type Report = (finding: Finding) => void;

/**
 * A lint rule: what it is, and which events it looks at.
 *
 * @see https://docs.docker.com/reference/build-checks/
 */
export interface Rule {
  readonly name: string;
  readonly description: string;
  readonly url?: string;
  /** Only runs where a file asks for it. */
  readonly isExperimental?: boolean;
  readonly on: { readonly [Kind in LintEvent['kind']]?: (event: LintEventOf<Kind>, report: Report) => void };
}

/** Address of a rule's documentation, by the last part of its path. */
export function ruleUrl(slug: string): string {
  return `https://docs.docker.com/go/dockerfile/rule/${slug}/`;
}

/** The edit that replaces a word, if the word stands in the source as it is. */
export function replaceWord(
  word: { readonly value: string; readonly span: Span },
  text: string,
): readonly Edit[] | undefined {
  const { source, start, end } = word.span;
  return source.text.slice(start, end) === word.value ? [{ span: word.span, text }] : undefined;
}
