import type { FileStat } from '../system/file-stat.ts';
import { childPath } from './binary-path.ts';
import type { Child } from './child.ts';
import type { TreeReader } from './tree-reader.ts';

/** What is known of an entry of a directory before it is its turn. */
export interface EntryAhead {
  /** Undefined if it is gone by now. */
  readonly stat: FileStat | undefined;
  /** The names of its extended attributes; undefined if they were not asked for, or cannot be had. */
  readonly xattrNames: readonly string[] | undefined;
}

/** How many are looked at at once, at first and at most. */
const [fewest, most] = [4, 256];

/** The entries of a directory, of which the kernel is asked some ahead: one by one takes twice as long. */
export class EntriesAhead {
  readonly #reader: TreeReader;
  readonly #directory: string;
  readonly #children: readonly Child[];
  readonly #withXattrs: boolean;
  #from = 0;
  #known: readonly EntryAhead[] = [];
  #asked = 0;

  /** @param directory a path of the tree, as those of the children */
  constructor(
    reader: TreeReader,
    { directory, children, withXattrs }: { directory: string; children: readonly Child[]; withXattrs: boolean },
  ) {
    this.#reader = reader;
    this.#directory = directory;
    this.#children = children;
    this.#withXattrs = withXattrs;
  }

  /** One of the children, by its number, which must not be lower than the last time. */
  at(index: number): EntryAhead | undefined {
    this.#asked++;
    if (index >= this.#from + this.#known.length) {
      // Where few are selected, the others are not looked at.
      const count = Math.min(Math.max(2 * this.#asked, fewest), most);
      this.#from = index;
      this.#known = this.#look(this.#children.slice(index, index + count));
    }
    return this.#known[index - this.#from];
  }

  #look(children: readonly Child[]): readonly EntryAhead[] {
    const paths = children.map(({ name }) => childPath(this.#directory, name));
    const names = this.#withXattrs ? this.#reader.xattrNamesOf(paths) : undefined;
    return this.#reader.statEach(paths).map((stat, index) => ({ stat, xattrNames: names?.[index] }));
  }
}
