import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { busyboxMissing } from '../../src/sandbox/busybox-root.ts';

/* The short form of `npm run torture`. */

const main = join(import.meta.dirname, 'main.ts');
const skip = process.getuid?.() !== 0 ? 'torture is done as root' : busyboxMissing;

/** In a process of its own, to which what is left behind by processes that die can come. */
async function torture(...args: readonly string[]): Promise<{ readonly code: number | null; readonly out: string }> {
  const child = spawn(process.execPath, [main, '--seed', '1', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (out += text));
  const code = await new Promise<number | null>((done, failed) => child.once('error', failed).once('close', done));
  return { code, out };
}

describe.skipIf(skip !== '')(`a store${skip === '' ? '' : ` (skipped: ${skip})`}`, () => {
  it.each([
    { what: 'processes that are killed', args: ['--only', 'kills', '--kills', '4'] },
    {
      what: 'several builds at once',
      args: ['--only', 'crowd', '--builders', '3', '--builds', '2'],
    },
    { what: 'disks that are full', args: ['--only', 'full-disk', '--points', '3'] },
    { what: 'large builds', args: ['--only', 'load', '--scale', '0.005'] },
  ])('survives $what', { timeout: 300_000 }, async ({ args }) => {
    const { code, out } = await torture(...args);
    expect(out).toMatch(/^nothing fell$/m);
    expect(code).toBe(0);
  });
});
