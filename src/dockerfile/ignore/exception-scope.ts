import type { IgnorePattern } from './rule.ts';

/** Where the exceptions of an ignore file can have an effect. */
export interface ExceptionScope {
  /** Whether an exception may match something in a directory. */
  reaches(directory: string): boolean;
}

/**
 * Compares exceptions with directories by their beginning. That says nothing once any exception has a wildcard that is
 * not a trailing `/*` or `/**`: then every directory must be walked.
 *
 * @see https://github.com/tonistiigi/fsutil/blob/master/filter.go
 */
export function createExceptionScope(patterns: readonly IgnorePattern[]): ExceptionScope {
  const beginnings = patterns
    .filter((pattern) => pattern.exception)
    .map((pattern) => withoutTrailingGlob(pattern.text));
  if (beginnings.some((beginning) => /[*[\]?^\\]/.test(beginning))) return { reaches: () => true };
  return { reaches: (directory) => beginnings.some((beginning) => `${beginning}/`.startsWith(`${directory}/`)) };
}

function withoutTrailingGlob(text: string): string {
  return withoutEnd(withoutEnd(text, '/**'), '/*');
}

function withoutEnd(text: string, end: string): string {
  return text.endsWith(end) ? text.slice(0, -end.length) : text;
}
