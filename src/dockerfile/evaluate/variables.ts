import { assert } from '../../diagnostic/assert.ts';
import type { Environment } from '../words/environment.ts';

type Layer = ReadonlyMap<string, string>;

/**
 * Named values that a stage inherits from its base and adds to.
 *
 * Forking costs next to nothing: the values of the base are shared, not copied. They lie in layers, each larger than the
 * one before it, so that there are never many of them, however long a chain of stages becomes.
 */
export class Variables implements Environment {
  readonly #own = new Map<string, string>();
  /** What it inherits, the newest first. */
  readonly #inherited: readonly Layer[];
  /** What its forks inherit; it does not change any more once there is one. */
  #layers: readonly Layer[] | undefined;

  constructor(inherited: readonly Layer[] = []) {
    this.#inherited = inherited;
  }

  /** At least as many as there are. */
  get size(): number {
    return this.#inherited.reduce((sum, layer) => sum + layer.size, this.#own.size);
  }

  /** Variables that go on from these. These must not change any more. */
  fork(): Variables {
    this.#layers ??= stack(this.#own, this.#inherited);
    return new Variables(this.#layers);
  }

  get(name: string): string | undefined {
    let value = this.#own.get(name);
    for (let index = 0; value === undefined && index < this.#inherited.length; index++) {
      value = this.#inherited[index]?.get(name);
    }
    return value;
  }

  set(name: string, value: string): void {
    assert(!this.#layers, 'variables that others inherit must not change');
    this.#own.set(name, value);
  }

  /** Sets a value and moves it to the end. */
  assign(name: string, value: string): void {
    this.#own.delete(name);
    this.set(name, value);
  }

  /** In the order in which they were first set. */
  entries(): Layer {
    return merge(this.#inherited.reduceRight(merge, new Map<string, string>()), this.#own);
  }

  keys(): Iterable<string> {
    return this.entries().keys();
  }
}

/** Puts a layer on top; while it is not smaller than the one below it, the two become one. */
function stack(top: Layer, below: readonly Layer[]): readonly Layer[] {
  if (top.size === 0) return below;
  let merged = top;
  let index = 0;
  for (let next = below[index]; next && next.size <= merged.size; next = below[++index]) merged = merge(next, merged);
  return [merged, ...below.slice(index)];
}

function merge(older: Layer, newer: Layer): Layer {
  const all = new Map(older);
  for (const [name, value] of newer) all.set(name, value);
  return all;
}
