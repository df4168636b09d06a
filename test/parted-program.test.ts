import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { runInThisContext } from 'node:vm';
import { afterAll, describe, expect, it } from 'vitest';
import { linkParts } from '../bundle/link-parts.ts';
import type { PartedProgram } from '../bundle/programs.ts';

const folder = mkdtempSync(join(tmpdir(), 'kiln-parts-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe('a program in parts', () => {
  it('loads a part when something of it is first used', async () => {
    const { main, loaded } = await program({
      'main.ts': `import { far } from './far/far.ts';
        export const main = (isFar) => isFar ? far('x') : 'near';`,
      'far/far.ts': `export const far = (text) => text + '!';`,
    });
    expect(main(false)).toBe('near');
    expect(loaded()).toEqual(['near']);
    expect(main(true)).toBe('x!');
    expect(loaded()).toEqual(['near', 'far']);
  });

  it('has every module once, whatever part it is used in', async () => {
    const { main } = await program({
      'main.ts': `import { count } from './count.ts';
        import { far } from './far/far.ts';
        export const main = () => [count(), far(), count()];`,
      'count.ts': `let calls = 0; export const count = () => ++calls;`,
      'far/far.ts': `import { count } from '../count.ts'; export const far = () => count();`,
    });
    expect(main()).toEqual([1, 2, 3]);
  });

  it('waits for what is imported later, and has all of it', async () => {
    const { main, loaded } = await program({
      'main.ts': `export const main = async () => {
        const [near, { default: far }] = [await import('./near.ts'), await import('./far/far.ts')];
        return [near.near, far];
      };`,
      'near.ts': `export const near = 1;`,
      'far/far.ts': `const far = 2; export default far;`,
    });
    expect(loaded()).toEqual(['near']);
    expect(await main()).toEqual([1, 2]);
  });

  it('passes on what a module has from another part, when somebody wants it', async () => {
    const { main, loaded } = await program({
      'main.ts': `import { own } from './far/barrel.ts'; import { deep } from './far/barrel.ts';
        export const main = (isDeep) => isDeep ? deep : own;`,
      'far/barrel.ts': `export { deep } from '../deep/deep.ts'; export const own = 'own';`,
      'deep/deep.ts': `export const deep = 'deep';`,
    });
    expect(main(false)).toBe('own');
    expect(loaded()).toEqual(['near', 'far']);
    expect(main(true)).toBe('deep');
    expect(loaded()).toEqual(['near', 'far', 'deep']);
  });

  it('has no part with a file that is not there', async () => {
    await expect(program({ 'main.ts': 'export const main = 0;' }, { near: [], far: ['far/gone'] })).rejects.toThrow(
      'part far has no far/gone',
    );
  });

  it('imports built-in modules as Node does', async () => {
    const { main } = await program({
      'main.ts': `import process, { pid } from 'node:process';
        import { createHash } from 'node:crypto';
        export const main = async () => {
          const { gzipSync } = await import('node:zlib');
          return [process.pid === pid, typeof createHash, typeof gzipSync];
        };`,
    });
    expect(await main()).toEqual([true, 'function', 'function']);
  });
});

interface TestProgram {
  readonly main: (...values: readonly unknown[]) => unknown;
  /** Names of the parts that were loaded. */
  readonly loaded: () => readonly string[];
}

/** Runs a program as `bin/compiled-program.js` does. */
async function program(
  files: Readonly<Record<string, string>>,
  parts: PartedProgram['parts'] = partsOf(files),
): Promise<TestProgram> {
  const root = mkdtempSync(join(folder, 'program-'));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
  const options = { absWorkingDir: root, platform: 'node', minifySyntax: true, minifyWhitespace: true } as const;
  const texts = await linkParts({ entry: 'main.ts', parts }, options);
  type Part = Readonly<Record<string, () => Readonly<Record<string, unknown>>>>;
  const loaded = new Map<string, Part>();
  const use = (name: string, number: number): unknown => {
    let part = loaded.get(name);
    if (!part) {
      const link = runInThisContext(texts.get(name) ?? '') as (...values: readonly unknown[]) => Part;
      part = link(use, load, createRequire(import.meta.url));
      loaded.set(name, part);
    }
    return part[`door${number}`]?.();
  };
  const load = (name: string, number: number) => Promise.resolve(use(name, number));
  const { main } = use('near', 0) as { readonly main: TestProgram['main'] };
  return { main, loaded: () => [...loaded.keys()] };
}

/** A part for each folder. */
function partsOf(files: Readonly<Record<string, string>>): PartedProgram['parts'] {
  const folders = ['far', 'deep'].filter((name) => Object.keys(files).some((file) => file.startsWith(`${name}/`)));
  return { near: [], ...Object.fromEntries(folders.map((name) => [name, [`${name}/`]])) };
}
