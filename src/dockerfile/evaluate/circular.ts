import type { Origin } from '../instructions/command.ts';
import { fail } from '../problem.ts';
import type { StageState } from './stage-state.ts';

interface Step {
  readonly state: StageState;
  readonly rest: Iterator<[StageState, Origin]>;
}

/** Throws ProblemError `circular` if stages take files from each other in a circle. */
export function checkCircular(states: readonly StageState[]): void {
  const visited = new Set<StageState>();
  for (const start of states) {
    const circle = visited.has(start) ? undefined : findCircle(start, visited);
    if (!circle) continue;
    const lines = [...new Set(circle.flatMap(allLines))].sort((a, b) => a - b);
    const span = circle.at(-1)?.span ?? start.origin.span;
    const message = `circular dependency detected on stage: ${start.label}`;
    fail('circular', message, {
      span,
      lines: contiguous(lines),
      hint: 'a stage can only use what stages above it made',
    });
  }
}

/** The commands that lead from a state to the circle and around it. Without recursion: chains may be long. */
function findCircle(start: StageState, visited: Set<StageState>): readonly Origin[] | undefined {
  const path = new Set<StageState>([start]);
  const commands: Origin[] = [];
  const steps: Step[] = [{ state: start, rest: start.dependencies.entries() }];
  visited.add(start);
  for (let step = steps.at(-1); step; step = steps.at(-1)) {
    const next = step.rest.next();
    if (next.done === true) {
      path.delete(step.state);
      steps.pop();
      commands.pop();
      continue;
    }
    const [state, command] = next.value;
    if (path.has(state)) return [...commands, command];
    if (visited.has(state)) continue;
    visited.add(state);
    path.add(state);
    commands.push(command);
    steps.push({ state, rest: state.dependencies.entries() });
  }
  return undefined;
}

function allLines({ lines: [first, last] }: Origin): readonly number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

function contiguous(lines: readonly number[]): readonly number[] {
  const first = lines[0] ?? 0;
  const last = lines.at(-1) ?? 0;
  return lines.length === last - first + 1 ? [first, last] : lines;
}
