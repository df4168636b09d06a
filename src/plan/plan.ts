import { assert } from '../diagnostic/assert.ts';
import type { StageState } from '../dockerfile/evaluate/stage-state.ts';
import { VertexFactory, type Vertex } from '../graph/vertex.ts';
import { formatPlatformAll } from '../spec/platform.ts';
import type { PlanOptions } from './plan-options.ts';
import { sourceOptions, type Planner, type StepPlan } from './planner.ts';
import { runVertex } from './run-vertex.ts';
import { transferVertex } from './transfer-vertex.ts';
import { workdirVertex } from './workdir-vertex.ts';

/**
 * The vertex whose result is the file system of a stage. Stages and steps that it does not need are left out.
 *
 * Chains of stages may be long: nothing here recurses along them.
 */
export function planStage(target: StageState, options: PlanOptions): Vertex {
  const results = new Map<StageState, Vertex>();
  const vertices = new VertexFactory();
  const planner: Planner = {
    options,
    vertices,
    stage: (state) => {
      const vertex = results.get(state);
      assert(vertex !== undefined, 'a stage is planned after those it needs');
      return vertex;
    },
    local: (name) => contextVertex(vertices, options, name),
  };
  for (const state of neededFirst(target)) results.set(state, stageVertex(planner, state));
  return planner.stage(target);
}

function contextVertex(vertices: VertexFactory, options: PlanOptions, name: string): Vertex {
  const remote = options.remote(name);
  if (remote) {
    const url = remote.kind === 'git' ? remote.remote : remote.url;
    return vertices.make(remote, [], sourceOptions(`[context ${name}] ${url}`));
  }
  const load = `[internal] load build context${name === 'context' ? '' : ` ${name}`}`;
  return vertices.make({ kind: 'local', name, excludes: options.excludes(name) }, [], sourceOptions(load));
}

function stageVertex(planner: Planner, state: StageState): Vertex {
  const { options } = planner;
  let vertex = state.base ? planner.stage(state.base) : rootVertex(planner, state);
  const { label } = state;
  const before = countsRoot(state) ? 1 : 0;
  for (const [index, step] of state.steps.entries()) {
    const { origin } = step.command;
    vertex = stepVertex(planner, {
      step,
      base: vertex,
      options: {
        name: `${position(state, before + index + 1)}${step.name}`,
        ...(label !== '' && { stage: label }),
        ignoreCache: options.ignoresCache(state.stage?.from.name || label),
        span: origin.span,
        hiddenEnv: step.kind === 'run' ? options.hiddenEnv : [],
      },
    });
  }
  return vertex;
}

function stepVertex(planner: Planner, { step, ...rest }: StepPlan): Vertex {
  switch (step.kind) {
    case 'run':
      return runVertex(planner, { step, ...rest });
    case 'transfer':
      return transferVertex(planner, { step, ...rest });
    case 'workdir':
      return workdirVertex(planner, { step, ...rest });
  }
}

function rootVertex({ options, vertices, local }: Planner, state: StageState): Vertex {
  const { root, platform, label, origin } = state;
  if (!root || root.kind === 'scratch') return vertices.make({ kind: 'scratch' }, [], sourceOptions('scratch'));
  if (root.kind === 'local') return local(root.name);
  const image = options.image(root, platform ? formatPlatformAll(platform) : '');
  const name = `${state.stage ? position(state, 1) : ''}FROM ${image.reference}@${image.manifest}`;
  const stage = state.stage && label !== '' ? { stage: label } : {};
  return vertices.make({ kind: 'image', ...image }, [], { ...sourceOptions(name), ...stage, span: origin.span });
}

/** `[build 2/5] `, padded as BuildKit does. FROM counts if it names an image. */
function position(state: StageState, index: number): string {
  const { label, steps } = state;
  const count = String(steps.length + (countsRoot(state) ? 1 : 0));
  return `[${label === '' ? '' : `${label} `}${String(index).padStart(count.length)}/${count}] `;
}

function countsRoot({ base, root }: StageState): boolean {
  return !base && root?.kind === 'image';
}

/** A stage and those it needs, each after those that it needs itself. */
function neededFirst(target: StageState): readonly StageState[] {
  const order = new Set<StageState>();
  const seen = new Set([target]);
  const open = [{ state: target, rest: needs(target) }];
  for (let top = open.at(-1); top; top = open.at(-1)) {
    const next = top.rest.pop();
    if (!next) {
      order.add(top.state);
      open.pop();
    } else if (!seen.has(next)) {
      seen.add(next);
      open.push({ state: next, rest: needs(next) });
    }
  }
  return [...order];
}

/** The last one first: the base, and then in the order in which they are named. */
function needs({ base, dependencies }: StageState): StageState[] {
  return [...(base ? [base] : []), ...dependencies.keys()].reverse();
}
