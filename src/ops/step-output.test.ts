import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { StepOutput } from './step-output.ts';

const folder = mkdtempSync(join(tmpdir(), 'kiln-output-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** What is printed of some chunks. */
function printed(chunks: readonly string[], limit: number, file = join(folder, `${Math.random()}`, 'log')): string {
  let text = '';
  const print = (_: 1 | 2, chunk: Uint8Array) => {
    text += Buffer.from(chunk).toString();
  };
  using output = new StepOutput({ print, limit, file: () => file });
  for (const chunk of chunks) output.write(1, Buffer.from(chunk));
  output[Symbol.dispose]();
  return text;
}

describe('the output of a step', () => {
  it('is printed as it comes if it is not much', () => {
    const path = join(folder, 'little');
    expect(printed(['a\n', 'b\n'], 4, path)).toBe('a\nb\n');
    expect(existsSync(path)).toBe(false);
  });

  it('goes to a file as a whole if it is more, and its end is printed when there is no more', () => {
    const path = join(folder, 'deep', 'log');
    const lines = Array.from({ length: 50_000 }, (_, index) => `line ${index}\n`);
    const text = printed(lines, 100, path);
    expect(readFileSync(path, 'utf8')).toBe(lines.join(''));
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(text.length).toBeLessThan(70_000);
    expect(text).toMatch(/^line 0\nline 1\n/);
    expect(text).toContain(`[more than 94 bytes of output: the rest goes to ${path}]\n`);
    expect(text.endsWith(`line 49999\n[all of the output is in ${path}]\n`)).toBe(true);
    const [, hidden] = /\[(\d+) bytes of output not shown\]/.exec(text) ?? [];
    expect(94 + Number(hidden) + 65_536).toBe(lines.join('').length);
  });

  it('is all printed if there is no limit', () => {
    expect(printed(['x'.repeat(1 << 20)], Infinity)).toHaveLength(1 << 20);
  });

  it('does not end the step if the file cannot be written', () => {
    expect(printed(['a', 'b\n'], 1, '/dev/null/log')).toMatch(/b\n\[the output is lost: (ENOTDIR|EEXIST): .*\]\n$/);
  });
});
