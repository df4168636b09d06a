import type { KilnError } from '../../diagnostic/kiln-error.ts';
import { badPattern } from './bad-pattern.ts';

/** A place in the text of an expression. */
export class ExpressionReader {
  readonly #text: string;
  /** What the user wrote, for the error. */
  readonly #pattern: string;
  #at = 0;

  constructor(text: string, pattern: string) {
    this.#text = text;
    this.#pattern = pattern;
  }

  get atEnd(): boolean {
    return this.#at >= this.#text.length;
  }

  /** Whether the text goes on like this. */
  sees(prefix: string): boolean {
    return this.#text.startsWith(prefix, this.#at);
  }

  /** {@link sees}, and if so, steps over it. */
  skips(prefix: string): boolean {
    const seen = this.sees(prefix);
    if (seen) this.#at += prefix.length;
    return seen;
  }

  /** What a sticky regular expression matches here; steps over it. */
  match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    this.#at += found?.length ?? 0;
    return found;
  }

  /** The next code point, stepped over. Fails at the end. */
  next(): number {
    const codePoint = this.#text.codePointAt(this.#at);
    if (codePoint === undefined) throw this.error();
    this.#at += codePoint > 0xffff ? 2 : 1;
    return codePoint;
  }

  /** The text up to an end mark, or all that is left; steps over both. */
  until(mark: string): string {
    const found = this.#text.indexOf(mark, this.#at);
    const end = found < 0 ? this.#text.length : found;
    const taken = this.#text.slice(this.#at, end);
    this.#at = end + (found < 0 ? 0 : mark.length);
    return taken;
  }

  /** The text from an opening mark, which must be next, to the first closing one, both included; steps over it. */
  enclosed(open: string, close: string): string | undefined {
    if (!this.sees(open)) return undefined;
    const found = this.#text.indexOf(close, this.#at + open.length);
    if (found < 0) return undefined;
    const start = this.#at;
    this.#at = found + close.length;
    return this.#text.slice(start, this.#at);
  }

  error(): KilnError {
    return badPattern(this.#pattern);
  }
}
