import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { lazy } from '../../spec/lazy.ts';
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
  readonly #asked: Asked;
  readonly #mayRun: boolean;
  /** The file as it was when the first question was asked, and the line of this build. */
  readonly #known: () => { readonly lines: string; readonly line: string; readonly isIn: boolean };

  constructor(file: string, dockerfile: string, asked: Asked) {
    this.#file = file;
    this.#asked = asked;
    this.#mayRun = run.test(dockerfile);
    this.#known = lazy(() => {
      const [lines, line] = [linesOf(file), lineOf(dockerfile, asked)];
      return { lines, line, isIn: lines.includes(line) };
    });
  }

  /** Whether it is likely that a program will have to be run. */
  willRun(): boolean {
    const { noCache } = this.#asked;
    if (!this.#mayRun) return false;
    return (typeof noCache === 'boolean' ? noCache : noCache.length > 0) || !this.#known().isIn;
  }

  /** Notes that it was made, if that can be noted. */
  add(): void {
    if (!this.#mayRun || this.#known().isIn) return;
    const { lines, line } = this.#known();
    const write = lines.length < longest ? appendFileSync : writeFileSync;
    try {
      write(this.#file, line, { mode: 0o600 });
    } catch {
      // A build does not fail for that.
    }
  }
}

function linesOf(file: string): string {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return '';
  }
}

/** Arguments may be secrets, so nothing is kept but a digest. */
function lineOf(dockerfile: string, { buildArgs, platforms, target = '' }: Asked): string {
  const asked = JSON.stringify([dockerfile, target, platforms, [...buildArgs]]);
  return `${sha256Of(Buffer.from(asked)).slice(0, digits)}\n`;
}
