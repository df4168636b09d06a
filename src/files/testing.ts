import {
  chmodSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
} from 'node:fs';
import { rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { createIgnoreMatcher } from '../dockerfile/ignore/matcher.ts';
import type { CopyAction, FileAction } from '../graph/file-op.ts';
import { makeNode } from '../system/node.ts';
import { setTimes } from '../system/times.ts';
import type { OwnerSetter } from './attributes.ts';
import { DiskFiles } from './disk-files.ts';
import { runFileActions, type FileActionsRequest } from './run-file-actions.ts';
import type { Tree } from './tree.ts';

/** Whether files can be given to others. */
export const isRoot = process.getuid?.() === 0;

/** When everything in a test was written, in ns since 1970. */
export const oldTime = 1_500_000_000_123_456_789n;

/** Files by path: `/` is a directory, `-> TARGET` a link, `= PATH` a hard link, `fifo`; anything else content. */
export type Files = Readonly<Record<string, string>>;

type RunOptions = Partial<FileActionsRequest> & { readonly setOwner?: OwnerSetter };

/** A context and a root, which go with the test. */
export class Folders implements Disposable {
  readonly path = mkdtempSync(join(tmpdir(), 'kiln-files-'));
  readonly context = join(this.path, 'context');
  readonly root = join(this.path, 'root');

  constructor(context: Files = {}, root: Files = {}) {
    makeFiles(this.context, context);
    makeFiles(this.root, root);
  }

  tree(...excludes: readonly string[]): Tree {
    return { root: this.context, kind: 'context', ignore: createIgnoreMatcher(excludes) };
  }

  /** Runs actions on the root, with the context as input 1, or another tree. */
  async run(actions: readonly FileAction[], { setOwner, ...options }: RunOptions = {}): Promise<void> {
    const inputs = [{ root: this.root, kind: 'snapshot' as const }, this.tree()];
    await runFileActions({ actions, files: new DiskFiles(this.root, setOwner), inputs, ...options });
  }

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

export function makeFiles(root: string, files: Files): void {
  mkdirSync(root, { recursive: true, mode: 0o755 });
  for (const [name, what] of Object.entries(files)) {
    const path = join(root, name);
    mkdirSync(what === '/' ? path : dirname(path), { recursive: true });
    if (what.startsWith('-> ')) symlinkSync(what.slice(3), path);
    else if (what.startsWith('= ')) linkSync(join(root, what.slice(2)), path);
    else if (what === 'fifo') makeNode(path, 0o010644, 0, 0);
    else if (what !== '/') writeFileSync(path, what);
  }
  for (const path of allPaths(root)) {
    if (!lstatSync(path).isSymbolicLink()) chmodSync(path, lstatSync(path).isDirectory() ? 0o755 : 0o644);
    setTimes(path, oldTime);
  }
}

/** What is there, the way {@link makeFiles} takes it; directories only if they are empty. */
export function readFiles(root: string): Files {
  const files: Record<string, string> = {};
  const names = new Map<bigint, string>();
  for (const path of allPaths(root).reverse()) {
    const name = path.slice(root.length + 1);
    const stat = lstatSync(path, { bigint: true });
    const first = stat.isFile() && stat.nlink > 1n ? names.get(stat.ino) : undefined;
    names.set(stat.ino, name);
    if (first !== undefined) files[name] = `= ${first}`;
    else if (stat.isSymbolicLink()) files[name] = `-> ${readlinkSync(path)}`;
    else if (stat.isFIFO()) files[name] = 'fifo';
    else if (!stat.isDirectory()) files[name] = readFileSync(path, 'utf8');
    else if (readdirSync(path).length === 0) files[name] = '/';
  }
  return files;
}

/** Permissions and owner: `644 0:0`. */
export function attributes(path: string): string {
  const { mode, uid, gid } = lstatSync(path);
  return `${(mode & 0o7777).toString(8)} ${uid}:${gid}`;
}

export function copyAction(source: string, destination: string, rest: Partial<CopyAction> = {}): CopyAction {
  return {
    ...{ kind: 'copy', input: 1, source, destination, mode: '', owner: undefined, parents: false, excludes: [] },
    ...{ unpack: 'never', wildcards: true, replace: false, timestamp: undefined },
    ...rest,
  };
}

/** Everything below a directory, in reverse order of names: what is in a directory comes before it. Follows no link. */
function allPaths(root: string): string[] {
  return readdirSync(root, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? 1 : -1))
    .flatMap((entry) => {
      const path = join(root, entry.name);
      return entry.isDirectory() ? [...allPaths(path), path] : [path];
    });
}
