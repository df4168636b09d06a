import { constants } from 'node:os';
import { getSystemErrorMap } from 'node:util';
import { KilnError } from '../../diagnostic/kiln-error.ts';
import { putThreadsBehind } from '../../system/threads.ts';
import { ControlGroup } from '../control-group.ts';
import type { StepLimits } from '../limits/step-limits.ts';
import { withLimitMet } from '../limits/limit-met.ts';
import type { PlannedNetwork } from '../network/planned-network.ts';
import { StepNetwork, type SandboxNetwork } from '../network/step-network.ts';
import type { SandboxProcess } from '../sandbox-process.ts';
import type { Sandbox, SandboxIo, SandboxResult } from '../sandbox.ts';
import { MountPlaces } from './mount-places.ts';
import { ownNewFiles } from './new-file-owners.ts';
import { PreparedStep, privilegeHint } from './prepare-step.ts';
import { ProgramRunner } from './program-runner.ts';
import type { CallFailure } from './program/program.ts';
import { executionPurpose } from './step/execution.ts';
import { stepProgram } from './step/step-program.ts';
import type { StepPlan } from './step/step-plan.ts';

export interface NativeSandboxOptions {
  /** An empty directory, or a new one, to mount on. Other processes may use the same. */
  readonly directory: string;
  /** Of every step. */
  readonly limits?: StepLimits | undefined;
  readonly network: SandboxNetwork;
}

/**
 * Makes surroundings by itself, without a runtime: per step, a process that makes system calls and then becomes the program.
 * What is mounted for it outside of its namespaces is mounted in the one that this process has.
 */
export class NativeSandbox implements Sandbox {
  readonly #places: MountPlaces;
  readonly #runner: ProgramRunner;
  readonly #limits: StepLimits | undefined;
  readonly #network: StepNetwork;

  constructor({ directory, limits, network }: NativeSandboxOptions) {
    // Programs have the other processors.
    putThreadsBehind();
    this.#limits = limits;
    this.#places = new MountPlaces(directory);
    this.#runner = new ProgramRunner(this.#places);
    this.#network = new StepNetwork({ ...network, places: this.#places, runner: this.#runner });
  }

  begin(network: SandboxProcess['network']): void {
    this.#network.begin(network);
  }

  async run(process: SandboxProcess, io: SandboxIo): Promise<SandboxResult> {
    await using controlGroup = ControlGroup.make({ parent: process.cgroupParent, limits: this.#limits });
    for (let network = await this.#firstNetwork(process); ; network = await this.#network.of(process.network)) {
      await using step = new PreparedStep(this.#places);
      const plan = await step.prepare(process, { controlGroup, network });
      const program = stepProgram(plan);
      if ((await this.#network.of(process.network)) !== network) continue;
      const end = await this.#runner.run(program, io);
      switch (end.kind) {
        case 'not-found':
          return notExecutable(io, `exec: ${quoted(plan)}: executable file not found in $PATH`);
        case 'failed':
          return explain(end.failure, plan, io);
        case 'ended':
          if (plan.isForeignUser && process.root.merged === undefined) ownNewFiles(process.root, plan.user);
          return withLimitMet(end.result, controlGroup);
      }
    }
  }

  /** Whether this machine can be reached is not to be said of a network that there is not. */
  #firstNetwork({ network, extraHosts }: SandboxProcess): Promise<PlannedNetwork> {
    return extraHosts.length > 0 ? this.#network.of(network) : this.#network.expected(network);
  }

  left(): Promise<void> {
    return this.#runner.left();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#network[Symbol.asyncDispose]();
    await this.#runner[Symbol.asyncDispose]();
    this.#places[Symbol.dispose]();
  }
}

/** A step that could not be started, unless it was only its program that could not be. */
function explain({ purpose, errno, syscall }: CallFailure, plan: StepPlan, io: SandboxIo): SandboxResult {
  const [, text = `error ${errno}`] = getSystemErrorMap().get(-errno) ?? [];
  if (!purpose.startsWith(executionPurpose)) {
    throw new KilnError('sandbox/setup', `the sandbox cannot ${purpose}: ${text} (${syscall})`, {
      ...(errno === constants.errno.EPERM && { hint: privilegeHint }),
    });
  }
  const path = purpose.slice(executionPurpose.length);
  if (errno === constants.errno.ENOEXEC) return notExecutable(io, `exec ${path}: exec format error`);
  const isMissing = errno === constants.errno.ENOENT || errno === constants.errno.ENOTDIR;
  return notExecutable(io, `exec: ${quoted(plan)}: ${isMissing ? `stat ${path}: ` : ''}${text}`);
}

/** What BuildKit's runtime says, and its exit code. */
function notExecutable(io: SandboxIo, reason: string): SandboxResult {
  io.stderr(Buffer.from(`unable to start container process: ${reason}\n`));
  return { kind: 'exited', code: 1 };
}

function quoted({ args: [name = ''] }: StepPlan): string {
  return JSON.stringify(name);
}
