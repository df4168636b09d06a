import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planRemoval, type RemovalRule } from './removal-plan.ts';
import type { StoreNode } from './store-record.ts';

const node = (id: string, more: Partial<StoreNode> = {}): StoreNode => ({
  ...{ id, key: id, type: 'regular', description: '', size: 10, created: 0, lastUsed: 0, parents: [], needs: [] },
  ...{ inUse: false, shared: false, reclaimable: true, isHidden: false, place: { kind: 'fixed' } },
  ...more,
});

const everything: RemovalRule = {
  ...{ all: true, keepDuration: 0, reservedSpace: 0, maxUsedSpace: 0, minFreeSpace: 0, matches: () => true },
};

const plan = (nodes: readonly StoreNode[], rule: Partial<RemovalRule> = {}, free = 1000) =>
  planRemoval(nodes, { ...everything, ...rule }, { now: 1000, free }).map(({ id }) => id);

describe('What is removed', () => {
  it('is the least recently used first, and nothing before what needs it', () => {
    const nodes = [
      node('base', { lastUsed: 1 }),
      node('old', { lastUsed: 2, needs: ['base'] }),
      node('new', { lastUsed: 9, needs: ['base'] }),
      node('other', { lastUsed: 5 }),
    ];
    expect(plan(nodes)).toEqual(['old', 'other', 'new', 'base']);
  });

  it('is only as much as it takes', () => {
    const nodes = ['a', 'b', 'c', 'd'].map((id, index) => node(id, { lastUsed: index }));
    expect(plan(nodes, { maxUsedSpace: 25 })).toEqual(['a', 'b']);
    expect(plan(nodes, { maxUsedSpace: 40 })).toEqual([]);
    expect(plan(nodes, { maxUsedSpace: 5, reservedSpace: 30 })).toEqual(['a']);
    expect(plan(nodes, { reservedSpace: 30 })).toEqual(['a']);
    expect(plan(nodes, { minFreeSpace: 115 }, 100)).toEqual(['a', 'b']);
    expect(plan(nodes, { minFreeSpace: 100 }, 100)).toEqual([]);
  });

  it('is nothing that is used, or needed by that, or kept by a rule', () => {
    const nodes = [
      node('below', {}),
      node('used', { reclaimable: false, needs: ['below'] }),
      node('shared', { shared: true }),
      node('recent', { lastUsed: 999 }),
      node('free', {}),
    ];
    expect(plan(nodes, { all: false, keepDuration: 100 })).toEqual(['free']);
    expect(plan(nodes, { matches: ({ id }) => id === 'shared' })).toEqual(['shared']);
  });

  it('leaves every record that something left needs, in any store', () => {
    const stores = fc.array(
      fc.record({ parent: fc.nat(), used: fc.nat(50), size: fc.nat(20), isFree: fc.boolean(), isWanted: fc.boolean() }),
      { maxLength: 40 },
    );
    fc.assert(
      fc.property(stores, fc.nat(400), (drafts, maxUsedSpace) => {
        const nodes = drafts.map(({ parent, used, size, isFree }, index) =>
          node(String(index), {
            ...{ lastUsed: used, size, reclaimable: isFree },
            needs: index > 0 && parent % 3 > 0 ? [String(parent % index)] : [],
          }),
        );
        const wanted = (id: string) => drafts[Number(id)]?.isWanted === true;
        const removed = plan(nodes, { maxUsedSpace, matches: ({ id }) => wanted(id) });
        const at = new Map(removed.map((id, index) => [id, index]));
        expect(at.size).toBe(removed.length);
        for (const { id, needs, reclaimable } of nodes) {
          if (at.has(id)) expect(reclaimable && wanted(id)).toBe(true);
          for (const need of needs) {
            if (at.has(need)) expect(at.get(id) ?? Infinity).toBeLessThan(at.get(need) ?? 0);
          }
        }
      }),
    );
  });

  it('is found in a time that grows with the store, not with its square', () => {
    const chain = Array.from({ length: 50_000 }, (_, index) =>
      node(String(index), { needs: index > 0 ? [String(index - 1)] : [] }),
    );
    expect(plan(chain)[0]).toBe('49999');
  });
});
