import { expect, test } from 'vitest';
import { formatTimestamp, systemClock } from './clock.ts';

test.each([
  [0, '1970-01-01T00:00:00Z'],
  [1_700_000_000_000, '2023-11-14T22:13:20Z'],
  [1_700_000_000_500, '2023-11-14T22:13:20.5Z'],
  [1_700_000_000_007.25, '2023-11-14T22:13:20.00725Z'],
  [999.9999999, '1970-01-01T00:00:01Z'],
])('%d ms are %s', (time, text) => {
  expect(formatTimestamp(time)).toBe(text);
});

test('The clock never goes back, and is near the wall clock', () => {
  const first = systemClock();
  expect(systemClock()).toBeGreaterThanOrEqual(first);
  expect(Math.abs(first - Date.now())).toBeLessThan(60_000);
});
