import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { WaitingTime } from './waiting-time.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

it('begins when the last of several programs has run for a while', () => {
  const use = vi.fn();
  const waiting = new WaitingTime(use);
  using _first = waiting.enter();
  vi.advanceTimersByTime(29);
  using _second = waiting.enter();
  vi.advanceTimersByTime(29);
  expect(use).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(use).toHaveBeenCalledOnce();
});

it('does not begin when all have ended before, and begins with the next', () => {
  const use = vi.fn();
  const waiting = new WaitingTime(use);
  const [first, second] = [waiting.enter(), waiting.enter()];
  first[Symbol.dispose]();
  vi.advanceTimersByTime(20);
  second[Symbol.dispose]();
  vi.advanceTimersByTime(1000);
  expect(use).not.toHaveBeenCalled();
  using _third = waiting.enter();
  vi.advanceTimersByTime(30);
  expect(use).toHaveBeenCalledOnce();
});

it('begins while one is left of several', () => {
  const use = vi.fn();
  const waiting = new WaitingTime(use);
  const short = waiting.enter();
  using _long = waiting.enter();
  short[Symbol.dispose]();
  vi.advanceTimersByTime(30);
  expect(use).toHaveBeenCalledOnce();
});
