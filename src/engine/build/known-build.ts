import type { Database } from '../../content/database.ts';
import { jsonTable, type KeyValueTable } from '../../content/key-value-table.ts';
import { isKilnError } from '../../diagnostic/kiln-error.ts';
import { sha256Of } from '../../system/sha256.ts';
import type { BuildOptions } from './build-options.ts';

/** When there are more, all are forgotten. */
const mostKnown = 1000;

/** That of a comment or a text does no harm. */
const run = /^\s*(?:ONBUILD\s+)?RUN\s/im;

/** What a build is asked for, as far as it decides what there is to do. */
export type Asked = Pick<BuildOptions, 'buildArgs' | 'noCache' | 'platforms' | 'target'>;

/**
 * Whether a build was made with a store before. If so, its steps will most likely be found in the cache; if nobody asked for it
 * before, some will most likely have to be run. By that guess something can be begun before it is known for sure.
 */
export class KnownBuild {
  /** When a build was made first, ms since 1970, by the digest of what was asked for. */
  readonly #builds: KeyValueTable<number>;
  readonly #dockerfile: string;
  readonly #asked: Asked;
  #digest: string | undefined;

  constructor(database: Database, dockerfile: string, asked: Asked) {
    this.#builds = jsonTable(database, 'known_builds');
    this.#dockerfile = dockerfile;
    this.#asked = asked;
  }

  /** Whether it is likely that a program will have to be run. */
  willRun(): boolean {
    const { noCache } = this.#asked;
    if (!run.test(this.#dockerfile)) return false;
    return (typeof noCache === 'boolean' ? noCache : noCache.length > 0) || !this.#isKnown();
  }

  /** Notes that it was made, if that can be noted. */
  add(now = Date.now()): void {
    try {
      if (!run.test(this.#dockerfile) || this.#isKnown()) return;
      const known = this.#builds.entries();
      if (known.length >= mostKnown) for (const [digest] of known) this.#builds.delete(digest);
      this.#builds.set(this.#key(), now);
    } catch (error) {
      // A build does not fail for that.
      if (!isKilnError(error)) throw error;
    }
  }

  #isKnown(): boolean {
    return this.#builds.get(this.#key()) !== undefined;
  }

  /** Arguments may be secrets, so nothing is kept but a digest. */
  #key(): string {
    const { buildArgs, platforms, target = '' } = this.#asked;
    return (this.#digest ??= sha256Of(
      Buffer.from(JSON.stringify([this.#dockerfile, target, platforms, [...buildArgs]])),
    ));
  }
}
