import type { Environment } from '../words/environment.ts';

/** More layers than this make look-ups slow; fewer make a long chain of stages copy its variables too often. */
const deepest = 256;

/**
 * Named values that a stage inherits from its base and adds to.
 *
 * Forking costs next to nothing, however many there are: the values of the base are shared, not copied.
 */
export class Variables implements Environment {
  readonly #own = new Map<string, string>();
  readonly #base: Variables | undefined;
  readonly #depth: number;

  constructor(base?: Variables) {
    const isDeep = base !== undefined && base.#depth >= deepest;
    this.#base = isDeep ? undefined : base;
    this.#depth = isDeep || !base ? 0 : base.#depth + 1;
    if (isDeep) for (const [name, value] of base.entries()) this.#own.set(name, value);
  }

  /** At least as many as there are. */
  get size(): number {
    return this.#own.size + (this.#base?.size ?? 0);
  }

  /** Variables that go on from these; neither sees what becomes of the other. The base must not change any more. */
  fork(): Variables {
    return new Variables(this);
  }

  get(name: string): string | undefined {
    for (const layer of Variables.#layers(this)) {
      const value = layer.#own.get(name);
      if (value !== undefined) return value;
    }
    return undefined;
  }

  set(name: string, value: string): void {
    this.#own.set(name, value);
  }

  /** Sets a value and moves it to the end. */
  assign(name: string, value: string): void {
    this.#own.delete(name);
    this.#own.set(name, value);
  }

  /** In the order in which they were first set. */
  entries(): ReadonlyMap<string, string> {
    const all = new Map<string, string>();
    for (const layer of [...Variables.#layers(this)].reverse()) {
      for (const [name, value] of layer.#own) all.set(name, value);
    }
    return all;
  }

  keys(): Iterable<string> {
    return this.entries().keys();
  }

  /** Its own values first, then those of its bases. */
  static *#layers(top: Variables): Generator<Variables> {
    for (let layer: Variables | undefined = top; layer; layer = layer.#base) yield layer;
  }
}
