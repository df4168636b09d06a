import type { VertexState } from '../graph-view.ts';

/** What a state means to somebody who reads a plan. */
export const stateWords: Readonly<Record<VertexState, string>> = {
  source: 'nothing to do',
  cached: 'done before',
  run: 'will run',
  unknown: 'depends on what runs before it',
};

/** In the order in which they are listed. */
export const vertexStates = Object.keys(stateWords) as readonly VertexState[];
