import { readFileSync } from 'node:fs';
import { lazy } from '../spec/lazy.ts';
import { capabilityNumbers, hasCapability } from './capability.ts';

/**
 * The ids of users and groups that this process can give files to: all of them, those of its user namespace, or, if it is not
 * allowed to give anything away, root alone.
 * https://man7.org/linux/man-pages/man7/user_namespaces.7.html
 */
export interface IdMap {
  /** Whether this is a user namespace that has not every id. */
  readonly isNamespace: boolean;
  /** Whether these are all. */
  readonly isComplete: boolean;
  readonly hasUser: (uid: number) => boolean;
  readonly hasGroup: (gid: number) => boolean;
  /** The first id that is missing for users or for groups; 1 where there is none but root. */
  readonly firstMissing: number;
  /** What the kernel says, in one line. */
  readonly text: string;
}

const complete = '0 0 4294967295';

/** The same for as long as the process lives. */
export const idMap: () => IdMap = lazy(() => {
  const map = parseIdMap(readFileSync('/proc/self/uid_map', 'latin1'), readFileSync('/proc/self/gid_map', 'latin1'));
  const { isNamespace } = map;
  return hasCapability(capabilityNumbers.chown) ? map : { ...parseIdMap('0 0 1', '0 0 1'), isNamespace };
});

/** From what the kernel says: lines of first id here, first id outside, count. */
export function parseIdMap(users: string, groups: string): IdMap {
  const [userRanges, groupRanges] = [readRanges(users), readRanges(groups)];
  const isComplete = [users, groups].every((text) => text.trim().replace(/\s+/g, ' ') === complete);
  return {
    ...{ isComplete, isNamespace: !isComplete },
    hasUser: (uid) => has(userRanges, uid),
    hasGroup: (gid) => has(groupRanges, gid),
    firstMissing: Math.min(firstMissing(userRanges), firstMissing(groupRanges)),
    text: [users, groups]
      .map((text) =>
        text
          .trim()
          .replace(/\s*\n\s*/g, ', ')
          .replace(/ +/g, ' '),
      )
      .join('; '),
  };
}

interface Range {
  readonly first: number;
  readonly count: number;
}

function readRanges(text: string): readonly Range[] {
  return text
    .trim()
    .split('\n')
    .map((line) => {
      const [first = 0, , count = 0] = line.trim().split(/\s+/).map(Number);
      return { first, count };
    })
    .sort((a, b) => a.first - b.first);
}

function has(ranges: readonly Range[], id: number): boolean {
  return ranges.some(({ first, count }) => id >= first && id < first + count);
}

function firstMissing(ranges: readonly Range[]): number {
  return ranges.reduce((next, { first, count }) => (first <= next ? Math.max(next, first + count) : next), 0);
}
