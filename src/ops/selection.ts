import { join } from 'node:path';
import { isKilnError } from '../diagnostic/kiln-error.ts';
import { toBinary, toText } from '../files/binary-path.ts';
import { digestSelection } from '../files/digest-selection.ts';
import { resolvePath } from '../files/scoped-path.ts';
import { SeenFiles } from '../files/seen-files.ts';
import type { SourceSelector } from '../files/select-sources.ts';
import { TreeReader } from '../files/tree-reader.ts';
import type { Tree } from '../files/tree.ts';
import { canonicalJson } from '../graph/vertex.ts';
import { FilesInStack } from './files-in-stack.ts';
import type { OpEnvironment } from './op-environment.ts';
import type { Result } from './result.ts';

/** What is read of a result: the source of a copy, or a path and all below it. */
export type Selector = SourceSelector | { readonly path: string };

export interface SelectionRequest {
  readonly selector: Selector;
  readonly signal: AbortSignal;
}

/** The files of a result, to be read here. */
export async function treeOf({ snapshots }: OpEnvironment, result: Result): Promise<Tree> {
  if (result.kind === 'tree') return result.tree;
  const directories = await snapshots.directories(result.chain);
  const root = directories.at(-1) ?? (await snapshots.readable(result.chain));
  return { root, kind: 'snapshot', ...(directories.length > 1 && { stack: new FilesInStack(directories) }) };
}

/** The files of a result at one place, to be mounted where they are only read. */
export async function mountedTreeOf({ snapshots }: OpEnvironment, result: Result): Promise<Tree> {
  if (result.kind === 'tree') return result.tree;
  return { root: await snapshots.readable(result.chain), kind: 'snapshot' };
}

/** Path on the host of a part of layers, links followed without leaving them. */
export function hostPathIn(tree: Tree, path: string): string {
  return join(tree.root, toText(resolvePath(new TreeReader(tree), toBinary(path), { followLast: true })));
}

/** Digest of a part of a result. What was selected from layers once is remembered: they do not change. */
export async function selectionDigest(
  environment: OpEnvironment,
  result: Result,
  { selector, signal }: SelectionRequest,
): Promise<string> {
  const { records, index } = environment;
  const name = canonicalJson(selector);
  if (result.kind === 'tree') {
    const { tree } = result;
    const seen = seenFiles(environment, tree);
    return seen.digest(name, () => digestSelection({ tree, selector, index, seen, signal }));
  }
  const known = records.selection(result.chain, name);
  if (known !== undefined) return known;
  const tree = await treeOf(environment, result);
  const digest = await digestSelection({ tree, selector, index: undefined, signal });
  records.addSelection(result.chain, name, digest);
  return digest;
}

/** Digest of the files that say which user has which number. They need not be there. */
export async function accountsDigest(environment: OpEnvironment, result: Result, signal: AbortSignal): Promise<string> {
  const digests = ['/etc/passwd', '/etc/group'].map(async (path) => {
    try {
      return await selectionDigest(environment, result, { selector: { path }, signal });
    } catch (error) {
      if (isKilnError(error) && error.code === 'files/not-found') return '';
      throw error;
    }
  });
  return (await Promise.all(digests)).join(' ');
}

function seenFiles({ seen }: OpEnvironment, tree: Tree): SeenFiles {
  const files = seen.get(tree) ?? new SeenFiles();
  seen.set(tree, files);
  return files;
}
