import type { ControlGroup } from '../control-group.ts';
import type { SandboxResult } from '../sandbox.ts';

/** What shells make of a program that was killed. */
const exitCodeOfKilled = 137;

/** A result that says which limit the step met, if it failed. */
export function withLimitMet(result: SandboxResult, group: ControlGroup): SandboxResult {
  if (result.kind === 'exited' && result.code === 0) return result;
  const wasKilled = result.kind === 'signaled' ? result.signal === 'SIGKILL' : result.code === exitCodeOfKilled;
  const limitMet = group.limitMet(wasKilled);
  return limitMet === undefined ? result : { ...result, limitMet };
}
