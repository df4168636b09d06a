import { expect, test } from 'vitest';
import { vertexEvent } from './recorded-build.ts';
import { isCompleted, Trace } from './trace.ts';

const group = (weak = false) => ({ progressGroup: { id: 'g', name: 'the group', weak } });

test('A vertex counts from its announcement, and is listed from its start', () => {
  const trace = new Trace();
  expect(trace.update(vertexEvent('a'))).toBeUndefined();
  expect([...trace.steps].map(({ name }) => name)).toEqual(['a']);
  expect(trace.started).toEqual([]);
  expect(trace.update(vertexEvent('a', { started: 5 }))).toMatchObject({ name: 'a', cached: false });
  expect(trace.started).toHaveLength(1);
  expect(trace.startTime).toBe(5);
});

test('What is said twice is no news, and a late announcement takes nothing back', () => {
  const trace = new Trace();
  trace.update(vertexEvent('a', { started: 5 }));
  expect(trace.update(vertexEvent('a', { started: 5 }))).toBeUndefined();
  expect(trace.update(vertexEvent('a'))).toBeUndefined();
  expect(trace.started.map(isCompleted)).toEqual([false]);
});

test('The vertices of a group are one step', () => {
  const trace = new Trace();
  trace.update(vertexEvent('a', { started: 1, completed: 2, cached: true, ...group() }));
  trace.update(vertexEvent('b', { started: 3, ...group() }));
  expect(trace.started).toMatchObject([{ name: 'the group', cached: false }]);
  expect(trace.started.map(isCompleted)).toEqual([false]);
  trace.update(vertexEvent('b', { started: 3, completed: 4, error: 'no', ...group() }));
  expect(trace.started).toMatchObject([{ error: 'no' }]);
  expect(trace.started.map(isCompleted)).toEqual([true]);
});

test('A group of which only weak vertices have started is hidden', () => {
  const trace = new Trace();
  expect(trace.update(vertexEvent('a', { started: 1, ...group(true) }))).toBeUndefined();
  expect(trace.started).toEqual([]);
  expect([...trace.steps]).toMatchObject([{ hidden: true }]);
  expect(trace.update(vertexEvent('b', { started: 2, ...group() }))).toBeDefined();
  expect(trace.started).toMatchObject([{ name: 'the group' }]);
});

test('What belongs to no known vertex is dropped', () => {
  expect(new Trace().update({ kind: 'log', vertex: 'x', stream: 1, data: new Uint8Array(), time: 1 })).toBeUndefined();
});
