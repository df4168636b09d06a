import { describe, expect, it } from 'vitest';
import { collectionRules, isCollectionWanted } from './collection-policy.ts';

const limitsOf = (env: Readonly<Record<string, string>>) => {
  const { maxUsedSpace, reservedSpace, minFreeSpace } = collectionRules(env, 100e9)[2] ?? {};
  return [maxUsedSpace, reservedSpace, minFreeSpace];
};

describe('The limits of the store', () => {
  it('are parts of the disk, as BuildKit has them in Docker', () => {
    expect(limitsOf({})).toEqual([80e9, 10e9, 20e9]);
  });

  it('are sizes, or other parts; the reserve is never more than the most', () => {
    expect(limitsOf({ KILN_MAX_STORAGE: '5GB', KILN_MIN_FREE_SPACE: '0' })).toEqual([5 * 2 ** 30, 5 * 2 ** 30, 0]);
    expect(limitsOf({ KILN_MAX_STORAGE: '50%', KILN_RESERVED_STORAGE: '1.5%' })).toEqual([50e9, 1.5e9, 20e9]);
  });

  it.each(['much', '-1GB', '10 percent', '%'])('are not %s', (text) => {
    expect(() => limitsOf({ KILN_MAX_STORAGE: text })).toThrow(`KILN_MAX_STORAGE: ${text} is no size`);
  });

  it('count, unless KILN_GC says no', () => {
    expect(['0', 'off', 'False', '1', ''].map((text) => isCollectionWanted({ KILN_GC: text }))).toEqual([
      ...[false, false, false, true, true],
    ]);
  });

  it('begin with what is most easily had again, and end with everything', () => {
    const rules = collectionRules({}, 100e9);
    expect(rules.map(({ all, keepDuration }) => [all, keepDuration / 3_600_000])).toEqual([
      [false, 48],
      [false, 1440],
      [false, 0],
      [true, 0],
    ]);
    expect(rules[0]?.maxUsedSpace).toBe(1.38e9);
  });
});
