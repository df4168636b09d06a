import { describe, expect, it } from 'vitest';
import { parseIdMap } from './id-map.ts';

describe('the map of ids', () => {
  it('is complete where every user and every group is itself', () => {
    const all = '         0          0 4294967295\n';
    expect(parseIdMap(all, all)).toMatchObject({ isComplete: true, firstMissing: 4294967295 });
    expect(parseIdMap(all, '         0       1001          1\n')).toMatchObject({
      isComplete: false,
      firstMissing: 1,
      text: '0 0 4294967295; 0 1001 1',
    });
  });

  it('has the ids of its lines, whatever their order', () => {
    const users = '         1     100000      10\n         0       1001          1\n       100     200000      5\n';
    const map = parseIdMap(users, '0 1001 1\n1 100000 65536\n');
    expect([0, 10, 11, 99, 100, 104, 105].map(map.hasUser)).toEqual([true, true, false, false, true, true, false]);
    expect([map.hasGroup(65536), map.hasGroup(65537)]).toEqual([true, false]);
    expect(map.firstMissing).toBe(11);
  });
});
