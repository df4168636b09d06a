import { expect, test } from 'vitest';
import { allCases } from './all-cases.ts';
import { Rig } from './rig.ts';

/*
 * The short form: of every kind of case some, the same each time. `npm run hostile` runs all of them.
 */

const step = 11;
const some = allCases.filter(({ isLong = false }) => !isLong).filter((_, at) => at % step === 0);
const skipped = process.getuid?.() === 0 ? '' : ' (not without root: files belong to others)';

test('There are a hundred cases, each with a name of its own', () => {
  expect(allCases.length).toBeGreaterThan(100);
  expect(new Set(allCases.map(({ name }) => name)).size).toBe(allCases.length);
});

test.skipIf(skipped !== '').each(some)(`It stands $name${skipped}`, { timeout: 120_000 }, async ({ run }) => {
  using rig = new Rig();
  await run(rig);
});
