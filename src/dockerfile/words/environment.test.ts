import { expect, test } from 'vitest';
import { emptyEnvironment, environmentFromList } from './environment.ts';

test('the last of equal names wins', () => {
  const environment = environmentFromList(['A=1', 'B=2', 'A=3']);
  expect(environment.get('A')).toBe('3');
  expect([...environment.keys()]).toEqual(['A', 'B']);
});

test('a value starts behind the first equals sign', () => {
  expect(environmentFromList(['A=b=c']).get('A')).toBe('b=c');
});

test('an entry without an equals sign is set to nothing', () => {
  expect(environmentFromList(['A']).get('A')).toBe('');
});

test('a name that objects inherit is not set', () => {
  expect(environmentFromList([]).get('constructor')).toBeUndefined();
  expect([...emptyEnvironment.keys()]).toEqual([]);
});
