import type { WorkdirStep } from '../dockerfile/evaluate/stage-state.ts';
import type { Vertex } from '../graph/vertex.ts';
import { cleanPath } from '../spec/slash-path.ts';
import type { Planner, StepPlan } from './planner.ts';

/** WORKDIR makes the directory, which belongs to USER, parents included. The root is there already. */
export function workdirVertex(
  { options: { timestamp }, vertices }: Planner,
  { step, base, options }: StepPlan<WorkdirStep>,
): Vertex {
  const path = cleanPath(`/${step.workdir}`);
  if (path === '/') return base;
  const owner = step.user === '' ? undefined : { text: step.user, input: 0 };
  const action = { kind: 'makeDirectory', path, mode: 0o755, owner, timestamp } as const;
  return vertices.make({ kind: 'file', actions: [action] }, [base], options);
}
