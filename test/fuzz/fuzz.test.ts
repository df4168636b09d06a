import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { loadDockerfileTarget } from './dockerfile-target.ts';
import type { TargetLoader } from './fuzz-target.ts';
import { minimise } from './minimise.ts';
import { mutate } from './mutate.ts';
import { Random } from './random.ts';
import { loadRegistryTarget } from './registry-target.ts';
import { loadStoreTarget } from './store-target.ts';

/* The short form. Archives are not among it: they are taken apart where nothing can be written to (main.ts). */

const targets: Readonly<Record<string, TargetLoader>> = {
  Dockerfiles: loadDockerfileTarget,
  'answers of registries': loadRegistryTarget,
  'records of the store': loadStoreTarget,
};

test.each(Object.entries(targets))('A thousand broken %s are read, or refused with a reason', async (_, load) => {
  const folder = mkdtempSync(join(tmpdir(), 'kiln-fuzz-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  const target = await load(folder);
  for (let at = 0; at < 1000; at++) {
    const input = target.make(new Random(at));
    const fall = await (async () => target.run(input))().catch((error: unknown) => error);
    const isRefused = fall instanceof Error && ['KilnError', 'ValueError'].includes(fall.name);
    expect(fall === undefined || isRefused ? undefined : fall).toBeUndefined();
  }
});

test('Inputs depend on the seed alone', () => {
  const make = (seed: number) => mutate(Buffer.from('some bytes'), new Random(seed), [Buffer.from('word')]);
  expect(make(7)).toEqual(make(7));
  expect(new Set(Array.from({ length: 100 }, (_, seed) => make(seed).toString())).size).toBeGreaterThan(90);
});

test('What falls is made as small as it can be', async () => {
  const input = Buffer.from('much that has nothing to do with the bug, and more of it');
  const small = await minimise(input, (smaller) => Promise.resolve(Buffer.from(smaller).includes('bug')));
  expect(Buffer.from(small).toString()).toBe('bug');
});
