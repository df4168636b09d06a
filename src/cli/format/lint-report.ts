import type { LintResult } from '../../engine/index.ts';

/** The results of linting one file. */
export interface LintedFile {
  /** As the user named it. */
  readonly path: string;
  readonly result: Pick<LintResult, 'warnings' | 'problems'>;
  /** How many warnings were mended. */
  readonly fixed: number;
}

/** Turns results into what is printed. Ends with a newline, or is empty. */
export type LintFormatter = (files: readonly LintedFile[], options: { readonly color: boolean }) => string;
