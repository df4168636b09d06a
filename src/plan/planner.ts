import type { StageState, StageStep } from '../dockerfile/evaluate/stage-state.ts';
import type { Vertex, VertexFactory, VertexOptions } from '../graph/vertex.ts';
import type { PlanOptions } from './plan-options.ts';

/** What the parts of a plan share. */
export interface Planner {
  readonly options: PlanOptions;
  readonly vertices: VertexFactory;
  /** The result of a stage. */
  readonly stage: (state: StageState) => Vertex;
  /** A build context. */
  readonly local: (name: string) => Vertex;
}

/** A step on its way into the graph. */
export interface StepPlan<Step extends StageStep = StageStep> {
  readonly step: Step;
  /** What the step before it made. */
  readonly base: Vertex;
  readonly options: VertexOptions;
}

/** Options of a vertex that no instruction makes. */
export function sourceOptions(name: string): VertexOptions {
  return { name, ignoreCache: false, span: undefined, hiddenEnv: [] };
}
