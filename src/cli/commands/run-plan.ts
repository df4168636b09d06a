import { KilnError } from '../../diagnostic/kiln-error.ts';
import type { CommandContext } from '../context.ts';
import type { PlanRequest } from '../request/plan-request.ts';

/** Prints the plan of a build on standard output. */
export async function runPlan(request: PlanRequest, { terminal }: CommandContext): Promise<void> {
  terminal.out(await plan(request));
}

/** The one place where the engine is called; gives the plan as text in the format that is asked for. */
const plan: (request: PlanRequest) => Promise<string> = () =>
  Promise.reject(new KilnError('cli/plan', 'this version does not plan'));
