import type { Diagnostic } from './diagnostic.ts';
import type { Span } from './source.ts';

export interface KilnErrorOptions {
  /** Where in which source; absent if the cause is not in a source. */
  readonly span?: Span | undefined;
  /** What the user can do. */
  readonly hint?: string | undefined;
  readonly cause?: unknown;
}

/**
 * What the user or the world did wrong. Thrown anywhere, printed once, in `cli/`.
 *
 * An internal impossibility is an `AssertionError`, not this.
 */
export class KilnError<Code extends string = string> extends Error {
  override readonly name = 'KilnError';
  /** `folder/kebab-case`, owned by the folder that throws it. */
  readonly code: Code;
  readonly span: Span | undefined;
  readonly hint: string | undefined;

  constructor(code: Code, message: string, options: KilnErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.span = options.span;
    this.hint = options.hint;
  }
}

/** Whether something that was thrown is for the user to read. */
export function isKilnError(error: unknown): error is KilnError {
  return error instanceof KilnError;
}

/** The same error as data. */
export function errorDiagnostic(error: KilnError): Diagnostic {
  return {
    severity: 'error',
    code: error.code,
    message: error.message,
    ...(error.span && { span: error.span }),
    ...(error.hint !== undefined && { hint: error.hint }),
  };
}
