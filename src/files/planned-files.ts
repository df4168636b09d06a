import { assert } from '../diagnostic/assert.ts';
import { capabilityName } from '../spec/tar/entry.ts';
import type { LayerEntry } from '../spec/tar/layer-entry.ts';
import type { FileStat } from '../system/file-stat.ts';
import { CannotPlan } from './cannot-plan.ts';
import type { ContentCopy } from './copy-content.ts';
import { inodeOf, permissions, type Entry } from './entry.ts';
import type { OwnerIds } from './owner.ts';
import { newAttributes, planEntry, timeNow } from './plan-entry.ts';
import { plannedEntries } from './planned-entries.ts';
import type { PlannedDirectory, PlannedNode } from './planned-node.ts';
import type { PathStat } from './scoped-path.ts';
import type { TargetFiles, Xattrs } from './target-files.ts';
import { readXattrs } from './xattrs.ts';

/** What there is below a plan: layers, and other plans. */
export interface FilesBelow {
  /** What is at a path; undefined if nothing is. No link is followed. */
  readonly find: (path: string) => FoundBelow | undefined;
}

export type FoundBelow =
  | { readonly kind: 'planned'; readonly node: PlannedNode }
  | {
      readonly kind: 'file';
      readonly stat: FileStat;
      /** Absolute path of the host, binary. */
      readonly host: string;
      /** Reads a link, binary. */
      readonly readLink: () => string;
    };

/** Bytes of a name and of a path that every file system takes; beyond, it has to say itself what it thinks of them. */
const longest = { name: 255, path: 2048 };

/** Where a link leads to nothing. */
const notThere = 'a directory that is to be changed is not there';

/** Extended attributes that layers lose, but steps see. */
const lost = /^(?:user|system)\./;

/**
 * The changes of a layer, none of which is made: what would be in the upper directory of an overlay. The contents of files stay
 * where they are until the entries are written. Throws {@link CannotPlan} for what a layer cannot hold.
 */
export class PlannedFiles implements TargetFiles {
  readonly root = undefined;
  readonly #below: FilesBelow;
  readonly #tree: PlannedDirectory;
  /** The directory and the file that were looked up last: mostly, they are the next ones, too. */
  #lastFolder = '/';
  #lastDirectory: PlannedDirectory;
  #lastPath = '';
  #lastNode: PlannedNode | undefined;

  constructor(below: FilesBelow) {
    this.#below = below;
    this.#tree = { kind: 'directory', ...newAttributes(0o755), children: new Map(), isNew: false, hides: false };
    this.#lastDirectory = this.#tree;
  }

  /** What the layer says, in the order of its tar. */
  entries(): Iterable<LayerEntry> {
    return plannedEntries(this.#tree, (path) => this.#below.find(path) !== undefined);
  }

  /** As {@link FilesBelow.find}, for a plan on top of this one. */
  find(path: string): FoundBelow | undefined {
    const node = this.#lookUp(path);
    if (node === 'below') {
      checkLength(path);
      return this.#below.find(path);
    }
    return node && { kind: 'planned', node };
  }

  stat(path: string): PathStat | undefined {
    const found = this.find(path);
    return found?.kind === 'planned' ? statOf(found.node) : found?.stat;
  }

  readLink(path: string): string {
    const found = this.find(path);
    if (found?.kind === 'file') return found.readLink();
    assert(found?.node.kind === 'symlink', 'only links are read');
    return found.node.target;
  }

  makeDirectory(path: string): void {
    const { parent, name } = this.#place(path);
    const hidden = parent.children.has(name) ? this.#below.find(path) : undefined;
    const attributes = newAttributes(0o755);
    // A directory of a group hands the group down.
    if (parent.bits & 0o2000) attributes.gid = parent.gid;
    const hides = hidden !== undefined && isDirectory(hidden);
    this.#add(path, { kind: 'directory', ...attributes, children: new Map(), isNew: true, hides });
  }

  remove(path: string): void {
    const { parent, name } = this.#place(path);
    parent.children.set(name, undefined);
    parent.timeNs = timeNow();
    this.#lastFolder = '/';
    this.#lastDirectory = this.#tree;
    this.#lastNode = undefined;
  }

  copy({ reader, links }: ContentCopy, entry: Entry, path: string): undefined {
    const inode = inodeOf(entry.stat);
    const first = inode === undefined ? undefined : links.get(inode);
    if (first !== undefined) {
      this.#addLink(first, path);
      return;
    }
    if (inode !== undefined) links.set(inode, path);
    this.#add(path, planEntry(reader, entry));
  }

  write(path: string, content: Uint8Array): void {
    const bytes = { kind: 'bytes', bytes: content } as const;
    this.#add(path, { kind: 'file', ...newAttributes(0o644), size: content.length, content: bytes, isLinked: false });
  }

  setOwner(path: string, { uid, gid }: OwnerIds): void {
    const node = this.#node(path);
    node.uid = uid;
    node.gid = gid;
  }

  setMode(path: string, bits: number): void {
    this.#node(path).bits = bits;
  }

  setXattrs(path: string, xattrs: Xattrs): void {
    for (const [name, value] of xattrs) {
      if (lost.test(name)) throw new CannotPlan(`${path} has the attribute ${name}`);
      if (name === capabilityName) this.#node(path).capability = value;
    }
  }

  setTime(path: string, timeNs: bigint): void {
    this.#node(path).timeNs = timeNs;
  }

  #addLink(first: string, path: string): void {
    const node = this.#node(first);
    if (node.kind === 'file') node.isLinked = true;
    this.#add(path, node);
  }

  #add(path: string, node: PlannedNode): void {
    const { parent, name } = this.#place(path);
    parent.children.set(name, node);
    parent.timeNs = timeNow();
    this.#lastPath = path;
    this.#lastNode = node;
  }

  #place(path: string): { readonly parent: PlannedDirectory; readonly name: string } {
    checkLength(path);
    const slash = path.lastIndexOf('/');
    return { parent: this.#directory(path.slice(0, slash) || '/'), name: path.slice(slash + 1) };
  }

  /** What is planned at a path; `below` if the plan says nothing of it. */
  #lookUp(path: string): PlannedNode | 'below' | undefined {
    if (this.#lastNode && this.#lastPath === path) return this.#lastNode;
    let node: PlannedNode = this.#tree;
    for (const name of path.split('/')) {
      if (name === '') continue;
      if (node.kind !== 'directory') return undefined;
      const child: PlannedNode | undefined = node.children.get(name);
      if (!child) return node.isNew || node.children.has(name) ? undefined : 'below';
      node = child;
    }
    return node;
  }

  /** What is planned at a path. A directory that is only there below becomes part of the plan, as it does if it is changed. */
  #node(path: string): PlannedNode {
    const node = this.#lookUp(path);
    if (node === 'below') return this.#directory(path);
    assert(node !== undefined, 'what is changed is there');
    this.#lastPath = path;
    this.#lastNode = node;
    return node;
  }

  #directory(path: string): PlannedDirectory {
    if (this.#lastFolder === path) return this.#lastDirectory;
    let node = this.#tree;
    let at = '';
    for (const name of path.split('/')) {
      if (name === '') continue;
      at += `/${name}`;
      let child = node.children.get(name);
      if (!child) {
        child = copyUp(this.#below.find(at));
        node.children.set(name, child);
      }
      if (child.kind !== 'directory') throw new CannotPlan(notThere);
      node = child;
    }
    this.#lastFolder = path;
    this.#lastDirectory = node;
    return node;
  }
}

/** A directory of the layers below, with nothing changed in it yet. */
function copyUp(found: FoundBelow | undefined): PlannedDirectory {
  if (!found || !isDirectory(found)) throw new CannotPlan(notThere);
  const directory = { kind: 'directory', children: new Map(), isNew: false, hides: false } as const;
  if (found.kind === 'planned') {
    const { uid, gid, bits, timeNs, capability } = found.node;
    return { ...directory, uid, gid, bits, timeNs, capability };
  }
  const { stat, host } = found;
  const xattr = readXattrs(host, 'snapshot').find(([name]) => lost.test(name));
  if (xattr) throw new CannotPlan(`${host} has the attribute ${xattr[0]}`);
  const owner = { uid: Number(stat.uid), gid: Number(stat.gid) };
  return { ...directory, ...owner, bits: permissions(stat), timeNs: stat.mtimeNs, capability: undefined };
}

function checkLength(path: string): void {
  const isLong = path.length > longest.path || path.length - path.lastIndexOf('/') > longest.name + 1;
  if (isLong) throw new CannotPlan('a name may be too long');
}

function isDirectory(found: FoundBelow): boolean {
  return found.kind === 'planned' ? found.node.kind === 'directory' : found.stat.isDirectory();
}

function statOf({ kind }: PlannedNode): PathStat {
  return { isDirectory: () => kind === 'directory', isSymbolicLink: () => kind === 'symlink' };
}
