import type { Child } from './child.ts';
import type { Entry } from './entry.ts';

/** What a walk comes by. */
export type WalkEvent =
  /** A directory, before what is in it. */
  | {
      readonly kind: 'open';
      readonly entry: Entry;
      readonly isImplied: boolean;
      /** All that is visible in it, selected or not. */
      readonly children: readonly Child[];
    }
  /** The same directory, after what is in it. */
  | { readonly kind: 'close'; readonly entry: Entry; readonly isImplied: boolean }
  /** Anything that is no directory. */
  | { readonly kind: 'entry'; readonly entry: Entry };
