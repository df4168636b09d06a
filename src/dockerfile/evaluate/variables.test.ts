import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Variables } from './variables.ts';

test('a fork sees what its base had, and neither sees what becomes of the other', () => {
  const base = new Variables();
  base.set('A', '1');
  const one = base.fork();
  const other = base.fork();
  one.set('A', '2');
  one.set('B', '3');
  expect([...one.entries()]).toEqual([
    ['A', '2'],
    ['B', '3'],
  ]);
  expect([...other.entries()]).toEqual([['A', '1']]);
  expect([...base.keys()]).toEqual(['A']);
  expect(other.get('B')).toBeUndefined();
});

test('an empty value is a value', () => {
  const base = new Variables();
  base.set('A', '1');
  const fork = base.fork();
  fork.set('A', '');
  expect(fork.get('A')).toBe('');
});

test('setting keeps the place of a name, assigning moves it to the end', () => {
  const variables = new Variables();
  for (const name of ['A', 'B', 'C']) variables.set(name, '1');
  variables.set('A', '2');
  variables.assign('B', '2');
  expect([...variables.entries()]).toEqual([
    ['A', '2'],
    ['C', '1'],
    ['B', '2'],
  ]);
});

type Step = readonly [kind: 'set' | 'fork', name: string, value: string];

test('however often it is forked, it answers as a plain Map', () => {
  const step: fc.Arbitrary<Step> = fc.tuple(
    fc.constantFrom('set', 'fork', 'fork'),
    fc.constantFrom('A', 'B', 'C', '__proto__'),
    fc.constantFrom('', '1', '2'),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 1000, size: 'max' }), (steps) => {
      let variables = new Variables();
      const model = new Map<string, string>();
      for (const [kind, name, value] of steps) {
        if (kind === 'fork') variables = variables.fork();
        variables.set(name, value);
        model.set(name, value);
        expect(variables.get(name)).toBe(value);
      }
      expect(variables.entries()).toEqual(model);
      expect([...variables.keys()]).toEqual([...model.keys()]);
      expect(variables.size).toBeGreaterThanOrEqual(model.size);
      for (const name of ['A', 'B', 'C', '__proto__', 'D']) expect(variables.get(name)).toBe(model.get(name));
    }),
    { numRuns: 50 },
  );
});

test('within one layer, it assigns as a Map does that deletes first', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.boolean(), fc.constantFrom('A', 'B', 'C'), fc.string())), (steps) => {
      const variables = new Variables();
      const model = new Map<string, string>();
      for (const [isAssignment, name, value] of steps) {
        if (isAssignment) {
          variables.assign(name, value);
          model.delete(name);
        } else variables.set(name, value);
        model.set(name, value);
      }
      expect([...variables.entries()]).toEqual([...model]);
    }),
  );
});

test('a chain of many forks takes time and memory in proportion', () => {
  let variables = new Variables();
  const start = performance.now();
  for (let index = 0; index < 20_000; index++) {
    variables = variables.fork();
    variables.set(`V${index}`, '1');
  }
  expect(variables.get('V0')).toBe('1');
  expect(variables.entries().size).toBe(20_000);
  expect(performance.now() - start).toBeLessThan(3000);
});
