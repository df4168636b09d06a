import { quote } from '../../spec/quote.ts';

export interface WordErrorDetails {
  /** What is wrong, without the word. */
  readonly reason: string;
  readonly offset: number;
  readonly matched: ReadonlySet<string>;
  readonly unmatched: ReadonlySet<string>;
}

/** A word that cannot be expanded. The message is BuildKit's: the word in quotes and the reason. */
export class WordError extends Error {
  override readonly name = 'WordError';
  /** The message without the word. */
  readonly reason: string;
  /**
   * Where a caret goes, as a 0-based UTF-16 offset in the word: at what is wrong, or, where an end is missing, at what
   * it would end.
   */
  readonly offset: number;
  /** The variables used until then that were set, in order of first use. */
  readonly matched: ReadonlySet<string>;
  /** The variables used until then that were not set, in order of first use. */
  readonly unmatched: ReadonlySet<string>;

  constructor(word: string, { reason, offset, matched, unmatched }: WordErrorDetails) {
    super(`failed to process ${quote(word)}: ${reason}`);
    this.reason = reason;
    this.offset = offset;
    this.matched = matched;
    this.unmatched = unmatched;
  }
}
