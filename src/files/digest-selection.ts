import { childPath, toText } from './binary-path.ts';
import { describeSystemErrors } from './describe-system-errors.ts';
import { entryRecord, xattrRecord } from './entry-record.ts';
import type { Entry } from './entry.ts';
import { changedError } from './file-error.ts';
import { missingSource } from './missing-source.ts';
import { hashFile } from './hash-file.ts';
import { RecordHash } from './record-hash.ts';
import { Pacer } from '../system/pacer.ts';
import { isUnchanged, type SeenFiles } from './seen-files.ts';
import { SeenWalk, walkName } from './seen-walk.ts';
import { selectSources, type SelectedRoot, type Selection, type SourceSelector } from './select-sources.ts';
import type { StatIndex } from './stat-index.ts';
import { TreeReader } from './tree-reader.ts';
import { rootsOf, type Tree } from './tree.ts';
import type { WalkEvent } from './walk-event.ts';
import { walkSelection } from './walk-selection.ts';
import { xattrNames } from './xattrs.ts';

/** What is digested. */
export interface DigestRequest {
  readonly tree: Tree;
  /** The source of a copy, or the path of a bind mount. */
  readonly selector: SourceSelector | { readonly path: string };
  /** Saves reading files that have not changed. */
  readonly index: StatIndex | undefined;
  /** If present, told what was hashed, for the copy that follows. Only of a context. */
  readonly seen?: SeenFiles | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * The digest of what a selector selects, as `sha256:HEX`: equal if and only if a copy of it would give the same files, times
 * apart. The name of a source counts only where a wildcard found it.
 *
 * @throws KilnError as {@link selectSources} does; `files/changed`, `files/system`; the signal's reason.
 * @see https://github.com/moby/buildkit/blob/v0.32.0/cache/contenthash/checksum.go
 */
export async function digestSelection(request: DigestRequest): Promise<string> {
  const { tree, selector, signal } = request;
  const pacer = new Pacer(signal);
  return describeSystemErrors(rootsOf(tree), async () => {
    const reader = new TreeReader(tree);
    const sources = 'path' in selector ? wholePath(selector.path) : selector;
    const selection = selectSources(reader, sources);
    const digester = new Digester(reader, request, pacer);
    let isRequiredThere = selection.required === undefined;
    for (const root of selection.roots) {
      if (await digester.add(root, selection, walkName(sources, root))) isRequiredThere = true;
    }
    if (!isRequiredThere && selection.required !== undefined) throw missingSource(reader, selection.required);
    return digester.digest();
  });
}

function wholePath(path: string): SourceSelector {
  return { source: path, parents: false, excludes: [], wildcards: false };
}

/** At the end of what the index has of a file: it has no extended attributes, not even such as do not count. */
const plain = '-';

const none: readonly string[] = [];

function fileEvent(entry: Entry, isPlain: boolean): WalkEvent {
  return { kind: 'entry', entry: isPlain ? { ...entry, xattrNames: none } : entry };
}

class Digester {
  readonly #reader: TreeReader;
  readonly #index: StatIndex | undefined;
  readonly #seen: SeenFiles | undefined;
  readonly #pacer: Pacer;
  readonly #hash = new RecordHash();

  constructor(reader: TreeReader, { index, seen }: DigestRequest, pacer: Pacer) {
    this.#reader = reader;
    this.#index = index;
    this.#seen = reader.tree.kind === 'context' ? seen : undefined;
    this.#pacer = pacer;
  }

  /** Adds a root; says whether what is required is in it. */
  async add({ name, match, entry: root }: SelectedRoot, selection: Selection, walkedAs: string): Promise<boolean> {
    const { filter, required } = selection;
    const walk = this.#seen && new SeenWalk(this.#seen, walkedAs);
    let isRequiredThere = false;
    for (const event of walkSelection(this.#reader, root, filter)) {
      const { kind, entry } = event;
      if (kind === 'close') {
        walk?.add(event);
        continue;
      }
      if (required !== undefined && childPath(name, entry.relative).startsWith(required)) isRequiredThere = true;
      const label = childPath(match, entry.relative);
      if (kind === 'open') {
        walk?.add(event);
        // The root of a tree is never made by a copy.
        if (entry.path !== '/') this.#update(label, entry, this.#attributes(entry));
      } else if (entry.stat.isFile()) {
        const content = this.#fileContent(entry, walk);
        this.#update(label, entry, typeof content === 'string' ? content : await content);
      } else {
        const known = this.#withTarget(entry);
        walk?.add({ kind, entry: known });
        this.#update(label, known, this.#attributes(known));
      }
      if (this.#pacer.isDue) await this.#pacer.rest();
    }
    walk?.keep();
    return isRequiredThere;
  }

  digest(): string {
    return `sha256:${this.#hash.digest()}`;
  }

  #update(label: string, entry: Entry, content: string): void {
    this.#hash.update(`${label}\0${entryRecord(this.#reader, entry)}\0${content}\n`);
  }

  #withTarget(entry: Entry): Entry {
    return entry.stat.isSymbolicLink() ? { ...entry, target: this.#reader.readLink(entry.path) } : entry;
  }

  /** The digest of what is no file: that of its extended attributes. */
  #attributes({ path }: Entry): string {
    return xattrRecord(this.#reader, path, xattrNames(this.#reader.hostPath(path)));
  }

  /** The digest of a file, and that of its extended attributes. */
  #fileContent(entry: Entry, walk: SeenWalk | undefined): string | Promise<string> {
    const host = this.#reader.hostPath(entry.path);
    const known = this.#index?.get(toText(host), entry.stat);
    if (known === undefined) return this.#read(entry, host, walk);
    const isPlain = known.endsWith(plain);
    walk?.add(fileEvent(entry, isPlain));
    return isPlain ? known.slice(0, -plain.length) : known;
  }

  async #read(entry: Entry, host: string, walk: SeenWalk | undefined): Promise<string> {
    const digest = await this.#hashFile(host, entry);
    const names = xattrNames(host);
    const content = `${digest} ${xattrRecord(this.#reader, entry.path, names)}`;
    this.#checkUnchanged(entry);
    const isPlain = names.length === 0;
    walk?.add(fileEvent(entry, isPlain));
    this.#index?.set(toText(host), entry.stat, isPlain ? content + plain : content);
    return content;
  }

  async #hashFile(host: string, entry: Entry): Promise<string> {
    try {
      return await hashFile(host, entry.stat.size, this.#pacer);
    } catch (error) {
      // It may be something that cannot be read by now.
      this.#checkUnchanged(entry);
      throw error;
    }
  }

  #checkUnchanged({ path, stat }: Entry): void {
    const after = this.#reader.statAll(path);
    if (!after || !isUnchanged(stat, after)) throw changedError(path);
  }
}
