import type { IgnoreMatcher } from '../dockerfile/ignore/matcher.ts';

/** Where files are taken from. */
export interface Tree {
  /** Absolute path on the host: of a mounted file system, or of the user's directory. */
  readonly root: string;
  /**
   * In a context, every file counts as owned by 0:0. It belongs to the user, who may change it under our hands, and is
   * never written to.
   */
  readonly kind: 'context' | 'snapshot';
  /** What it excludes does not exist. Only of a context. */
  readonly ignore?: IgnoreMatcher | undefined;
  /** Absolute path on the host of something that is no part of it, wherever it is. */
  readonly hidden?: string | undefined;
}
