import type { ExecOp } from '../graph/exec-op.ts';
import type { RunContext } from '../solver/vertex-runner.ts';
import { ExecMounts } from './exec-mounts.ts';
import { checkVariables } from './nul-bytes.ts';
import type { OpEnvironment } from './op-environment.ts';
import type { Result } from './result.ts';
import { stepFailure } from './step-failure.ts';
import { StepOutput } from './step-output.ts';
import type { StepRoot } from './step-root.ts';

export interface ExecWork {
  readonly inputs: readonly Result[];
  readonly root: StepRoot;
  /** Variables that decide nothing. */
  readonly hiddenEnv: readonly string[];
  /** Caches begin anew. */
  readonly isFresh: boolean;
}

/** RUN. Throws KilnError `ops/exit` if the program fails. */
export async function runExec(
  environment: OpEnvironment,
  op: ExecOp,
  work: ExecWork,
  context: RunContext,
): Promise<void> {
  const { network, security, hostname, extraHosts, ulimits, shmSize, cgroupParent, args, cwd, user } = op;
  await using mounts = new ExecMounts(environment, { ...work, signal: context.signal });
  const sandboxMounts = await mounts.of(op.mounts);
  checkVariables(mounts.env);
  using output = new StepOutput({ print: context.log, ...environment.stepLog });
  using _waiting = environment.waiting.enter();
  const result = await environment.sandbox().run(
    {
      ...{ args, cwd, user, network, security, extraHosts, ulimits },
      ...(hostname !== '' && { hostname }),
      ...(shmSize > 0 && { shmSize }),
      ...(cgroupParent !== '' && { cgroupParent }),
      env: [...withHidden(op.env, work.hiddenEnv), ...mounts.env],
      root: await work.root.files(),
      mounts: sandboxMounts,
    },
    {
      stdout: (chunk) => {
        output.write(1, chunk);
      },
      stderr: (chunk) => {
        output.write(2, chunk);
      },
      signal: context.signal,
    },
  );
  context.signal.throwIfAborted();
  if (result.kind === 'exited' && result.code === 0) return;
  throw stepFailure(args, result, work.root.draft.upper);
}

/** What the Dockerfile sets comes before what the user's environment has. */
function withHidden(env: readonly string[], hidden: readonly string[]): readonly string[] {
  const names = new Set(env.map((entry) => entry.split('=', 1)[0]));
  return [...env, ...hidden.filter((entry) => !names.has(entry.split('=', 1)[0]))];
}
