import type { GraphView } from '../graph-view.ts';

/**
 * A graph as JSON, for programs. Members may be added to it; what is there stays.
 *
 *     {
 *       "version": 1,
 *       "targets": ["sha256:..."],          digests of the vertices that are wanted
 *       "vertices": [                       inputs before what they are inputs of
 *         {
 *           "digest": "sha256:...",         the same for the same operation on the same inputs
 *           "name": "[build 2/5] RUN make",
 *           "kind": "exec",                 scratch, image, local, http, git, exec, file, merge
 *           "state": "cached",              source, cached, run; unknown: its inputs have to run first
 *           "inputs": ["sha256:..."],       the first is what it begins with
 *           "stage": "build",               if it is a step of a stage that has a name
 *           "lines": [3, 4],                first and last line of the Dockerfile, 1-based; if it comes from there
 *           "op": {"kind": "exec", ...}     the operation; its members follow those of LLB
 *         }
 *       ]
 *     }
 */
export function renderJson({ vertices, targets }: GraphView): string {
  const form = {
    version: 1,
    targets,
    vertices: vertices.map(({ digest, name, kind, state, inputs, stage, lines, op }) => ({
      ...{ digest, name, kind, state, inputs, stage, lines, op },
    })),
  };
  return `${JSON.stringify(form, undefined, 2)}\n`;
}
