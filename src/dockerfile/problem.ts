import type { Diagnostic } from '../diagnostic/diagnostic.ts';
import type { Span } from '../diagnostic/source.ts';

/** First and last line, 1-based, both included; `[0, 0]` stands for the file as a whole. */
export type LineRange = readonly [first: number, last: number];

/** An error in a Dockerfile. */
export interface Problem extends Diagnostic {
  readonly severity: 'error';
  /** Where the caret goes. */
  readonly span: Span;
  /**
   * The lines that BuildKit marks: usually those of the whole instruction. Absent where it marks none.
   * They differ from the span's where BuildKit counts oddly (directives, overlong lines).
   */
  readonly lines?: readonly number[];
}

/** Where a problem is and what helps. */
export interface ProblemPlace {
  readonly span: Span;
  readonly lines?: readonly number[] | undefined;
  readonly hint?: string | undefined;
}

/** A {@link Problem} from its parts; `code` is without its folder. */
export function problem(code: string, message: string, place: ProblemPlace): Problem {
  return {
    severity: 'error',
    code: `dockerfile/${code}`,
    message,
    span: place.span,
    ...(place.lines && { lines: place.lines }),
    ...(place.hint !== undefined && { hint: place.hint }),
  };
}

/** Carries a problem out of a function that cannot go on; caught where problems are gathered, never by the user. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly problem: Problem;

  constructor(found: Problem) {
    super(found.message);
    this.problem = found;
  }
}

/** Gives up on the instruction at hand. */
export function fail(code: string, message: string, place: ProblemPlace): never {
  throw new ProblemError(problem(code, message, place));
}
