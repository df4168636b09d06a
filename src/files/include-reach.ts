import type { IgnoreMatcher } from '../dockerfile/ignore/matcher.ts';

/** Where the patterns of an inclusion can match something. */
export interface Reach {
  /** Whether they may match something in a directory that they do not match. */
  reaches(directory: string): boolean;
}

/** Compares the names that patterns begin with, as far as they are plain, with those of a directory. */
export function createReach({ patterns }: IgnoreMatcher): Reach {
  const beginnings = patterns.map(({ text, exception }) => (exception ? [] : plainNames(text)));
  return {
    reaches: (directory) => {
      const names = directory.split('/');
      return beginnings.some((beginning) =>
        names.every((name, index) => index >= beginning.length || beginning[index] === name),
      );
    },
  };
}

function plainNames(pattern: string): readonly string[] {
  const names = pattern.split('/');
  const end = names.findIndex((name) => /[*?[\]\\^{|}]/.test(name));
  return end < 0 ? names : names.slice(0, end);
}
