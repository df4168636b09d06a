import type { Vertex } from '../../graph/vertex.ts';
import { looksUpOwners } from '../../ops/looks-up-owners.ts';
import type { BuildOutput } from './build-output.ts';

/** What becomes of the files of a build. */
export interface BuildUse {
  readonly targets: readonly Vertex[];
  readonly outputs: readonly BuildOutput[];
}

/**
 * Digests of the vertices whose files nobody looks at: they only become layers of an image. That is COPY, ADD and WORKDIR at
 * the end of a stage that is built for its image.
 */
export function plannedVertices({ targets, outputs }: BuildUse): ReadonlySet<string> {
  if (outputs.some(({ kind }) => kind === 'local' || kind === 'tar')) return new Set();
  const users = usersOf(targets);
  const planned = new Set<string>();
  // Users come before what they use.
  for (const vertex of [...users.keys()].reverse()) {
    const { kind } = vertex.op;
    if (kind !== 'file' && kind !== 'merge') continue;
    const isUnseen = (users.get(vertex) ?? []).every((user) => planned.has(user.digest) && !looksAt(user, vertex));
    if (isUnseen) planned.add(vertex.digest);
  }
  return planned;
}

/** Whether a vertex that is planned itself needs the files of an input all the same. */
function looksAt({ op, inputs }: Vertex, input: Vertex): boolean {
  if (op.kind !== 'file') return false;
  // What lies below several layers that were put together is not known without their directories.
  return looksUpOwners(op) || input.op.kind === 'merge' || inputs.lastIndexOf(input) > 0;
}

/** All vertices, inputs first, with those that use them. */
function usersOf(targets: readonly Vertex[]): ReadonlyMap<Vertex, readonly Vertex[]> {
  const users = new Map<Vertex, Vertex[]>();
  const open = targets.map((vertex) => ({ vertex, isDone: false }));
  const seen = new Set<Vertex>();
  for (let next = open.pop(); next; next = open.pop()) {
    const { vertex, isDone } = next;
    if (isDone) {
      users.set(vertex, []);
      for (const input of vertex.inputs) users.get(input)?.push(vertex);
    } else if (!seen.has(vertex)) {
      seen.add(vertex);
      open.push({ vertex, isDone: true }, ...vertex.inputs.map((input) => ({ vertex: input, isDone: false })));
    }
  }
  return users;
}
