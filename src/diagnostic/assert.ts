import type { Span } from './source.ts';

/** A mistake in Kiln itself. It carries a span where one is known, so that the report can be reproduced. */
export class AssertionError extends Error {
  override readonly name = 'AssertionError';
  readonly span: Span | undefined;

  constructor(message: string, span?: Span) {
    super(message);
    this.span = span;
  }
}

/** Throws an {@link AssertionError} if what must always hold does not. */
export function assert(condition: boolean, message: string, span?: Span): asserts condition {
  if (!condition) throw new AssertionError(message, span);
}

/** For the `default` branch of a switch over a closed union. */
export function unreachable(value: never): never {
  throw new AssertionError(`unexpected ${String(value)}`);
}
