import { appendFileSync, chmodSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { digestSelection } from './digest-selection.ts';
import { PlannedFiles } from './planned-files.ts';
import { SeenFiles } from './seen-files.ts';
import { copyAction, Folders, isRoot } from './testing.ts';

/** A copy of `/d`, hashed. */
async function hashed(folders: Folders) {
  const tree = folders.tree();
  const seen = new SeenFiles();
  const action = copyAction('/d', '/x');
  const hashAgain = () => digestSelection({ tree, selector: action, index: undefined, seen });
  await hashAgain();
  return { action, hashAgain, options: { inputs: [undefined, tree], seen: new Map([[tree, seen]]) } };
}

describe.skipIf(!isRoot)('a copy of what was hashed', () => {
  it('says which file changed since it was hashed', async () => {
    using folders = new Folders({ 'd/f': '1', 'd/g': '2' });
    const { action, options, hashAgain } = await hashed(folders);
    await folders.run([action], options);
    appendFileSync(join(folders.context, 'd/g'), '!');
    await expect(folders.run([copyAction('/d', '/y')], options)).rejects.toThrow('"/d/g" changed while');
    // Hashed once more, it is still not what something else of this build was made of.
    await hashAgain();
    await expect(folders.run([copyAction('/d', '/y')], options)).rejects.toThrow('"/d/g" changed while');
  });

  const remake = (path: string, make: (path: string) => void): void => {
    rmSync(path, { recursive: true });
    make(path);
  };
  it.each([
    {
      what: 'a link leads elsewhere',
      change: (d: string) => {
        remake(`${d}/link`, (path) => {
          symlinkSync('g', path);
        });
      },
    },
    {
      what: 'a link is a file',
      change: (d: string) => {
        remake(`${d}/link`, (path) => {
          writeFileSync(path, '');
        });
      },
    },
    {
      what: 'a link is a directory',
      change: (d: string) => {
        remake(`${d}/link`, (path) => {
          mkdirSync(path);
        });
      },
    },
    {
      what: 'a directory is a link',
      change: (d: string) => {
        remake(`${d}/sub`, (path) => {
          symlinkSync('/etc', path);
        });
      },
    },
    {
      what: 'a directory is closed',
      change: (d: string) => {
        chmodSync(`${d}/sub`, 0o700);
      },
    },
    {
      what: 'a pipe is a file',
      change: (d: string) => {
        remake(`${d}/pipe`, (path) => {
          writeFileSync(path, '');
        });
      },
    },
    {
      what: 'a file is a directory',
      change: (d: string) => {
        remake(`${d}/f`, (path) => {
          mkdirSync(path);
        });
      },
    },
  ])('says so if $what since it was hashed', async ({ change }) => {
    using folders = new Folders({ 'd/f': '1', 'd/link': '-> f', 'd/sub/g': '2', 'd/pipe': 'fifo' });
    const { action, options } = await hashed(folders);
    await folders.run([action], options);
    change(join(folders.context, 'd'));
    await expect(folders.run([copyAction('/d', '/y')], options)).rejects.toThrow(/ changed while it was being read/);
  });

  it('plans what was hashed, whatever it is by now, unless it has to be read', async () => {
    using folders = new Folders({ 'd/link': '-> f', 'd/sub/g': '2', 'd/pipe': 'fifo', 'd/empty': '' });
    const { action, options } = await hashed(folders);
    const planned = async (): Promise<readonly object[]> => {
      const files = new PlannedFiles({ find: () => undefined });
      await folders.run([action], { ...options, files });
      return [...files.entries()].map(({ entry }) => ({ ...entry, mtimeNs: 0n }));
    };
    const before = await planned();
    expect(before.map((entry) => (entry as { path: string }).path)).toEqual([
      ...['x', 'x/empty', 'x/link', 'x/pipe', 'x/sub', 'x/sub/g'],
    ]);
    const place = join(folders.context, 'd');
    remake(`${place}/link`, (path) => {
      symlinkSync('elsewhere', path);
    });
    remake(`${place}/pipe`, (path) => {
      writeFileSync(path, '');
    });
    chmodSync(`${place}/sub`, 0o700);
    writeFileSync(`${place}/new`, '');
    expect(await planned()).toEqual(before);
  });

  it('says which file appeared since its directory was hashed', async () => {
    using folders = new Folders({ 'd/f': '1' });
    const { action, options } = await hashed(folders);
    writeFileSync(join(folders.context, 'd/h'), '3');
    await expect(folders.run([action], options)).rejects.toThrow('"/d/h" appeared while');
  });
});
