import type { Span } from './source.ts';

export type Severity = 'error' | 'warning';

/** Something to tell the user about a source, or about the world if it has no span. */
export interface Diagnostic {
  readonly severity: Severity;
  /** Stable identifier: `folder/kebab-case` for errors, the rule's name for lint warnings. */
  readonly code: string;
  /** One sentence: what is wrong. */
  readonly message: string;
  readonly span?: Span;
  /** One sentence: what to do about it. */
  readonly hint?: string;
  readonly url?: string;
}
