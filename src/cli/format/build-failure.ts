import { buildkitExcerpt } from '../../diagnostic/excerpt.ts';
import { isKilnError, type KilnError } from '../../diagnostic/kiln-error.ts';
import { printableText } from '../../diagnostic/printable.ts';
import { printDiagnostic } from '../../diagnostic/print-diagnostic.ts';
import type { Source, Span } from '../../diagnostic/source.ts';
import { fileNameOf } from './buildkit-json.ts';

/** Why a build failed, and where. */
export interface BuildFailure {
  /** As the engine has it: `process "/bin/sh -c false" did not complete successfully: exit code: 1`. */
  readonly message: string;
  readonly source?: Source | undefined;
  /** 1-based lines of the source: two are the first and the last, more are the lines themselves. */
  readonly lines?: readonly number[] | undefined;
  readonly hint?: string | undefined;
  /** What else is wrong, a line each. */
  readonly also?: readonly string[];
}

/**
 * A failure as buildx prints it, below all progress:
 *
 * ```text
 * Dockerfile:3
 * --------------------
 *    1 |     FROM x
 *    2 |
 *    3 | >>> RUN false
 * --------------------
 * error: failed to solve: process "/bin/sh -c false" did not complete successfully: exit code: 1
 * ```
 *
 * Ends with a newline.
 */
export function buildFailureText(failure: BuildFailure, { color }: { readonly color: boolean }): string {
  const { message, source, lines = [], hint, also = [] } = failure;
  const excerpt = source ? buildkitExcerpt(source, fileNameOf(source), lines) : '';
  const error = {
    severity: 'error' as const,
    code: 'cli/build-failed',
    message: `failed to solve: ${message}`,
    ...(hint !== undefined && { hint }),
  };
  const others = also.map((text) => `  = also: ${printableText(text)}\n`).join('');
  return excerpt + printDiagnostic(error, { color }) + others;
}

/** What an error says about why a build failed; undefined if it is a mistake in Kiln itself. */
export function buildFailures(error: unknown): readonly BuildFailure[] | undefined {
  if (isKilnError(error)) return [failureOf(error)];
  if (!(error instanceof AggregateError)) return undefined;
  const all = error.errors.map(buildFailures);
  return all.every((failures) => failures !== undefined) ? all.flat() : undefined;
}

function failureOf({ message, span, hint }: KilnError): BuildFailure {
  return { message, hint, source: span?.source, lines: span && linesOf(span) };
}

function linesOf({ source, start, end }: Span): readonly number[] {
  const first = source.lineAt(start);
  const last = source.lineAt(Math.max(start, end - 1));
  return first === last ? [first] : [first, last];
}
