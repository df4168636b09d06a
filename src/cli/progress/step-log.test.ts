import { expect, test } from 'vitest';
import { formatLogTime, StepLog } from './step-log.ts';

const piece = (text: string, seconds: number) => ({ data: Buffer.from(text), seconds });

test('Every line has the time at which it began', () => {
  const log = new StepLog();
  for (const [text, seconds] of [
    ['a\nb', 0.05],
    ['c', 1],
    ['\n\n', 2],
  ] as const)
    log.append(piece(text, seconds));
  expect(log.text().toString()).toBe('0.050 a\n0.050 bc\n2.000 \n');
});

test('A line that has not ended is ended', () => {
  const log = new StepLog();
  log.append(piece('a', 1));
  expect(log.text().toString()).toBe('1.000 a\n');
});

test.each([
  [0, '0.000'],
  [9.9996, '10.000'],
  [12.345, '12.35'],
  [123.456, '123.5'],
])('%d seconds are printed as %s', (seconds, text) => {
  expect(formatLogTime(seconds)).toBe(text);
});

test('Of very much output the beginning and the end are kept, in lines', () => {
  const log = new StepLog();
  const line = `${'x'.repeat(99)}\n`;
  log.append(piece('first\n', 0));
  for (let count = 0; count < 100_000; count++) log.append(piece(count % 2 ? line.slice(0, 50) : line.slice(50), 1));
  log.append(piece('\nlast\n', 2));
  const text = log.text().toString();
  expect(text).toMatch(/^0\.000 first\n/);
  expect(text).toMatch(/\n\[4\.\d+MB of output not shown\]\n1\.000 x{1,99}\n/);
  expect(text).toMatch(/\n2\.000 last\n$/);
  expect(text.length).toBeLessThan(2.5 * 2 ** 20);
});

test('The last pieces come in order', () => {
  const log = new StepLog();
  for (const text of ['one', 'two', 'three']) log.append(piece(text, 0));
  expect(log.last(6).map(({ data }) => Buffer.from(data).toString())).toEqual(['two', 'three']);
});
