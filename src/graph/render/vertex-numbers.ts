import { assert } from '../../diagnostic/assert.ts';
import type { GraphView } from '../graph-view.ts';

/** Numbers of vertices by digest, from 1 on: what they are called where digests are too long. */
export function vertexNumbers({ vertices }: GraphView): (digest: string) => number {
  const numbers = new Map(vertices.map(({ digest }, index) => [digest, index + 1]));
  return (digest) => {
    const number = numbers.get(digest);
    assert(number !== undefined, `there is no vertex ${digest}`);
    return number;
  };
}
