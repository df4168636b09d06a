import type { Difference } from './compare.ts';

/** One level of one entry. */
export interface Check {
  readonly level: string;
  /** Whether a difference makes the entry fail; else it is only reported. */
  readonly decides: boolean;
  /** None if the entry is right. */
  readonly differences: readonly Difference[];
}

/** What came of one entry of a corpus file. */
export interface Outcome {
  /** Name of the entry, or where it stands in the file. */
  readonly entry: string;
  /** In the order in which they are reported. */
  readonly checks: readonly Check[];
  /** Files with template markup are no valid input: what goes wrong there is shown, in a row of its own, but no failure. */
  readonly isTemplate?: boolean;
}

/** Scores the entries of one file, in their order; an entry that only sets something up has no outcome. */
export type Scorer = (entry: unknown, line: number) => Outcome | undefined;

export function isFailure({ checks }: Outcome): boolean {
  return checks.some(({ decides, differences }) => decides && differences.length > 0);
}

/** The outcome of an entry, an exception being one more difference. */
export function attempt(entry: string, check: () => readonly Check[]): Outcome {
  try {
    return { entry, checks: check() };
  } catch (error) {
    const got = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return {
      entry,
      checks: [{ level: 'exception', decides: true, differences: [{ at: '', expected: undefined, got }] }],
    };
  }
}
