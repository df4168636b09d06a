import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { sha256Of } from '../../system/sha256.ts';
import type { BuildOptions } from './build-options.ts';

/** Of a digest: who is known by it is only guessed about. Hexadecimal digits. */
const digits = 16;
/** How long the file may become before it begins anew, in bytes. */
const longest = 1 << 15;

/** That of a comment or a text does no harm. Looks at no character twice. */
const run = /^[ \t]*(?:ONBUILD[ \t]+)?RUN\b/im;

/** What a build is asked for, as far as it decides what there is to do. */
export type Asked = Pick<BuildOptions, 'buildArgs' | 'noCache' | 'platforms' | 'target'>;

/**
 * Whether a build was made with a store before. If so, its steps will most likely be found in the cache; if nobody asked for it
 * before, some will most likely have to be run. By that guess something can be begun before it is known for sure.
 */
export class KnownBuild {
  /** Has a line for each build that was made. Nothing is lost with it, so it is written and read without further ado. */
  readonly #file: string;
  readonly #dockerfile: string;
  readonly #asked: Asked;
  #line: string | undefined;

  constructor(file: string, dockerfile: string, asked: Asked) {
    this.#file = file;
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
  add(): void {
    if (!run.test(this.#dockerfile) || this.#isKnown()) return;
    const write = this.#known().length < longest ? appendFileSync : writeFileSync;
    try {
      write(this.#file, this.#ownLine(), { mode: 0o600 });
    } catch {
      // A build does not fail for that.
    }
  }

  #isKnown(): boolean {
    return this.#known().includes(this.#ownLine());
  }

  #known(): string {
    try {
      return readFileSync(this.#file, 'latin1');
    } catch {
      return '';
    }
  }

  /** Arguments may be secrets, so nothing is kept but a digest. */
  #ownLine(): string {
    const { buildArgs, platforms, target = '' } = this.#asked;
    const asked = JSON.stringify([this.#dockerfile, target, platforms, [...buildArgs]]);
    return (this.#line ??= `${sha256Of(Buffer.from(asked)).slice(0, digits)}\n`);
  }
}
