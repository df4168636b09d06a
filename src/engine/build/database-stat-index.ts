import type { Database } from '../../content/database.ts';
import { isKilnError } from '../../diagnostic/kiln-error.ts';
import type { StatIndex } from '../../files/stat-index.ts';
import type { FileStat } from '../../system/file-stat.ts';
import { fileSummary } from '../../system/file-summary.ts';
import { SmallNewSpace } from '../../system/small-new-space.ts';
import { countWhile, formatFiles, StatChunk, type KnownFile } from './stat-chunk.ts';

const migrations = [
  `CREATE TABLE stat_index (path TEXT PRIMARY KEY, stat TEXT NOT NULL, digest TEXT NOT NULL) STRICT, WITHOUT ROWID`,
  // What is known of the files of a directory from the name `first` on, up to that of the next row; the first one has none.
  `DROP TABLE stat_index;
   CREATE TABLE stat_chunks (directory TEXT, first TEXT, files TEXT NOT NULL, PRIMARY KEY (directory, first)) STRICT`,
];
const readFirsts = 'SELECT first FROM stat_chunks WHERE directory = ?';
const readTwo = 'SELECT first, files FROM stat_chunks WHERE directory = ? LIMIT 2';
const readChunk = 'SELECT files FROM stat_chunks WHERE directory = ? AND first = ?';
const writeChunk = 'INSERT OR REPLACE INTO stat_chunks VALUES (?, ?, ?)';

/** A file that was changed so shortly before it was hashed may have been changed again without a trace. Nanoseconds. */
const granularity = 20_000_000n;

/** How many are kept in memory before they are written. */
const most = 10_000;

/** How many files a chunk may have, and into how many it is parted when it has more. */
const [largest, usual] = [512, 256];

/** A directory, and the chunk of it that was read last. */
interface OpenDirectory {
  readonly path: string;
  /** The names from which on its chunks are, sorted; they are compared here alone, as the database has another order. */
  readonly firsts: readonly string[];
  /** Number of the chunk. */
  at: number;
  chunk: StatChunk;
}

const nothing = new StatChunk('');

/** Digests of files of the user, as long as nothing says that they changed. Written when there are many, and when the build ends. */
export class DatabaseStatIndex implements StatIndex, Disposable {
  readonly #database: Database;
  /** By directory and name. */
  readonly #fresh = new Map<string, Map<string, KnownFile>>();
  #freshCount = 0;

  /** With so many files, as with many steps, more is made in passing than is kept. */
  #newSpace: SmallNewSpace | undefined;

  /** The directory that was asked for last, below those on the way to it: files are asked for nearly in the order of a walk. */
  readonly #open: OpenDirectory[] = [];

  constructor(database: Database) {
    this.#database = database;
    database.define('stat_index', migrations);
  }

  get(path: string, stat: FileStat): string | undefined {
    const slash = path.lastIndexOf('/');
    const name = path.slice(slash + 1);
    const last = this.#open.at(-1);
    const isSame = last?.path.length === slash && path.startsWith(last.path);
    const directory = isSame ? last : this.#enter(path.slice(0, slash));
    const known = this.#chunk(directory, name).find(name);
    return known && Number(known.stat) === fileSummary(stat) ? known.digest : undefined;
  }

  set(path: string, stat: FileStat, digest: string): void {
    const changed = stat.ctimeNs > stat.mtimeNs ? stat.ctimeNs : stat.mtimeNs;
    if (changed + granularity > BigInt(Date.now()) * 1_000_000n) return;
    // The database would have another name.
    if (!path.isWellFormed()) return;
    const slash = path.lastIndexOf('/');
    const directory = path.slice(0, slash);
    const files = this.#fresh.get(directory) ?? new Map<string, KnownFile>();
    this.#fresh.set(directory, files);
    files.set(path.slice(slash + 1), { stat: String(fileSummary(stat)), digest });
    if (++this.#freshCount < most) return;
    this.flush();
    this.#newSpace ??= new SmallNewSpace();
  }

  /** Keeps what was learned, if it can be: without it, files are read once more. */
  flush(): void {
    if (this.#freshCount === 0) return;
    try {
      this.#database.transaction(() => {
        for (const [directory, files] of this.#fresh) this.#write(directory, files);
      });
    } catch (error) {
      if (!isKilnError(error)) throw error;
    }
    this.#fresh.clear();
    this.#freshCount = 0;
  }

  [Symbol.dispose](): void {
    this.flush();
    this.#newSpace?.[Symbol.dispose]();
  }

  #enter(path: string): OpenDirectory {
    while (this.#open.length > 0 && !isOnTheWay(this.#open.at(-1)?.path ?? '', path)) this.#open.pop();
    const last = this.#open.at(-1);
    if (last?.path === path) return last;
    const directory = this.#readDirectory(path);
    this.#open.push(directory);
    return directory;
  }

  /** The chunk that has a file, if one does. */
  #chunk(directory: OpenDirectory, name: string): StatChunk {
    const { path, firsts, at } = directory;
    const isIn = at >= 0 && name >= (firsts[at] ?? '') && isBefore(name, firsts[at + 1]);
    if (isIn || firsts.length === 0) return directory.chunk;
    directory.at = chunkOf(firsts, name);
    return (directory.chunk = this.#read(path, firsts[directory.at] ?? ''));
  }

  /** Most have one chunk at most. */
  #readDirectory(path: string): OpenDirectory {
    const [one, other] = this.#database.all(readTwo, path);
    if (other) return { path, firsts: this.#firsts(path), at: -1, chunk: nothing };
    return one
      ? { path, firsts: [String(one.first)], at: 0, chunk: new StatChunk(String(one.files)) }
      : { path, firsts: [], at: -1, chunk: nothing };
  }

  #firsts(directory: string): readonly string[] {
    return this.#database
      .all(readFirsts, directory)
      .map(({ first }) => String(first))
      .sort();
  }

  #read(directory: string, first: string): StatChunk {
    return new StatChunk(String(this.#database.get(readChunk, directory, first)?.files ?? ''));
  }

  /** Adds files to what is known of a directory by now. */
  #write(directory: string, files: ReadonlyMap<string, KnownFile>): void {
    const firsts = this.#firsts(directory);
    const byChunk = Map.groupBy(files, ([name]) => firsts[chunkOf(firsts, name)] ?? '');
    for (const [first, fresh] of byChunk) {
      const all = this.#read(directory, first).with(new Map(fresh));
      const size = all.length > largest ? usual : largest;
      for (let at = 0; at < all.length; at += size) {
        const part = all.slice(at, at + size);
        this.#database.run(writeChunk, directory, at === 0 ? first : (part[0]?.[0] ?? ''), formatFiles(part));
      }
    }
  }
}

/** The number of the chunk that a file is in; the first one begins with the empty name. */
function chunkOf(firsts: readonly string[], name: string): number {
  return countWhile(firsts.length, (at) => (firsts[at] ?? '') <= name) - 1;
}

function isBefore(name: string, other: string | undefined): boolean {
  return other === undefined || name < other;
}

/** Whether a directory is another, or one of those that it is in. */
function isOnTheWay(directory: string, other: string): boolean {
  return other === directory || other.startsWith(`${directory}/`);
}
