interface Node<Value> {
  value: Value | undefined;
  below: Map<string, Node<Value>> | undefined;
}

/**
 * Values by path, of which those below a path can be removed together, in time that does not depend on how many others there
 * are. Paths are relative and clean; that of the root is empty.
 */
export class PathTree<Value> {
  readonly #root: Node<Value> = { value: undefined, below: undefined };

  get(path: string): Value | undefined {
    let node: Node<Value> | undefined = this.#root;
    for (const name of namesOf(path)) node = node?.below?.get(name);
    return node?.value;
  }

  set(path: string, value: Value): void {
    let node = this.#root;
    for (const name of namesOf(path)) {
      node.below ??= new Map();
      let next = node.below.get(name);
      if (!next) node.below.set(name, (next = { value: undefined, below: undefined }));
      node = next;
    }
    node.value = value;
  }

  /** Removes a path that is not the root, with all below it. */
  remove(path: string): void {
    const names = namesOf(path);
    const last = names.at(-1);
    let node: Node<Value> | undefined = this.#root;
    for (const name of names.slice(0, -1)) node = node?.below?.get(name);
    if (last !== undefined) node?.below?.delete(last);
  }

  /** All paths that have a value, in no particular order. */
  *entries(): Generator<readonly [path: string, value: Value], void> {
    const open: [string, Node<Value>][] = [['', this.#root]];
    for (let next = open.pop(); next; next = open.pop()) {
      const [path, { value, below }] = next;
      if (value !== undefined) yield [path, value];
      if (below) for (const [name, node] of below) open.push([path === '' ? name : `${path}/${name}`, node]);
    }
  }
}

function namesOf(path: string): readonly string[] {
  return path === '' ? [] : path.split('/');
}
