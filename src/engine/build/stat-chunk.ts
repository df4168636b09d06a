/** What is known of a file: what its stat came to, and the digest that it had. */
export interface KnownFile {
  readonly stat: string;
  readonly digest: string;
}

/** No name has one, nor has anything else that is kept. */
const between = '/';
const columns = 3;

/**
 * Files of a directory, sorted by their names. As one text they are read in a tenth of the time that a row for each takes.
 */
export class StatChunk {
  readonly #fields: readonly string[];
  /** Where the file is that was asked for last. */
  #at = 0;

  constructor(text: string) {
    this.#fields = text === '' ? [] : text.split(between);
  }

  find(name: string): KnownFile | undefined {
    const next = this.#at + columns;
    // Mostly it is behind the one before.
    this.#at = this.#fields[next] === name ? next : this.#search(name);
    const stat = this.#fields[this.#at + 1];
    const digest = this.#fields[this.#at + 2];
    return this.#fields[this.#at] === name && stat !== undefined && digest !== undefined ? { stat, digest } : undefined;
  }

  /** All of its files, and others in place of those by the same name; sorted. */
  with(files: ReadonlyMap<string, KnownFile>): readonly (readonly [string, KnownFile])[] {
    const all = new Map<string, KnownFile>();
    for (let at = 0; at < this.#fields.length; at += columns) {
      const [name = '', stat = '', digest = ''] = this.#fields.slice(at, at + columns);
      all.set(name, { stat, digest });
    }
    for (const [name, file] of files) all.set(name, file);
    return [...all].sort(([one], [other]) => (one < other ? -1 : 1));
  }

  /** The first place whose name is not before this one. */
  #search(name: string): number {
    return columns * countWhile(this.#fields.length / columns, (at) => (this.#fields[at * columns] ?? '') < name);
  }
}

/** How many of the first of so many are such, if none behind one that is not is. */
export function countWhile(count: number, isSuch: (at: number) => boolean): number {
  let [low, high] = [0, count];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isSuch(middle)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Inverse of the constructor of {@link StatChunk}. */
export function formatFiles(files: readonly (readonly [string, KnownFile])[]): string {
  return files.map(([name, { stat, digest }]) => [name, stat, digest].join(between)).join(between);
}
