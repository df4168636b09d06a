import { constants } from 'node:os';
import { getSystemErrorMap } from 'node:util';
import { KilnError } from '../../diagnostic/kiln-error.ts';
import { closeDescriptor } from '../../system/descriptor.ts';
import { openPipe, type Pipe } from '../../system/pipe.ts';
import { isSystemError } from '../../system/system-error.ts';
import type { SandboxProcess } from '../sandbox-process.ts';
import type { Sandbox, SandboxIo, SandboxResult } from '../sandbox.ts';
import { MountPlaces } from './mount-places.ts';
import { PreparedStep } from './prepare-step.ts';
import { programInDirectory, programInMemory } from './program-file.ts';
import type { FilePart } from './program/executable.ts';
import type { CallFailure } from './program/program.ts';
import { runProgram } from './run-program.ts';
import type { Report } from './report.ts';
import { executionPurpose } from './step/execution.ts';
import { descriptors } from './step/kernel.ts';
import { stepProgram } from './step/step-program.ts';
import type { StepPlan } from './step/step-plan.ts';

export interface NativeSandboxOptions {
  /** An empty directory, or a new one, to mount on. Other processes may use the same. */
  readonly directory: string;
}

/**
 * Makes surroundings by itself, without a runtime: per step, a process that makes system calls and then becomes the program.
 * What it mounts is mounted in the namespace of mounts that this process has.
 */
export class NativeSandbox implements Sandbox {
  readonly #places: MountPlaces;
  #lifeline: Pipe | undefined;
  #isMemoryExecutable = true;

  constructor({ directory }: NativeSandboxOptions) {
    this.#places = new MountPlaces(directory);
  }

  async run(process: SandboxProcess, io: SandboxIo): Promise<SandboxResult> {
    await using step = new PreparedStep(this.#places);
    const plan = await step.prepare(process);
    const program = stepProgram(plan);
    const report = await this.#execute(program.file(descriptors.report), io);
    if (report.isProgramMissing) return notExecutable(io, `exec: ${quoted(plan)}: executable file not found in $PATH`);
    const { failure, exitStatus } = report;
    if (failure) return explain(program.describe(failure.address, failure.result), plan, io);
    const result = exitStatus === undefined ? killed : resultOf(exitStatus);
    return step.hasRunOutOfMemory ? { ...result, isOutOfMemory: true } : result;
  }

  async #execute(parts: readonly FilePart[], io: SandboxIo): Promise<Report> {
    const lifeline = (this.#lifeline ??= openPipe()).readEnd;
    if (this.#isMemoryExecutable) {
      try {
        using file = programInMemory(parts);
        return await runProgram({ path: file.path, io, lifeline });
      } catch (error) {
        if (!isSystemError(error, 'EACCES', 'EPERM', 'ENOENT')) throw error;
        this.#isMemoryExecutable = false;
      }
    }
    using file = programInDirectory(this.#places.make(), parts);
    return await runProgram({ path: file.path, io, lifeline });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#places[Symbol.dispose]();
    if (this.#lifeline) {
      closeDescriptor(this.#lifeline.readEnd);
      closeDescriptor(this.#lifeline.writeEnd);
      this.#lifeline = undefined;
    }
    await Promise.resolve();
  }
}

const killed: SandboxResult = { kind: 'signaled', signal: 'SIGKILL' };

/** A step that could not be started, unless it was only its program that could not be. */
function explain({ purpose, errno, syscall }: CallFailure, plan: StepPlan, io: SandboxIo): SandboxResult {
  const [, text = `error ${errno}`] = getSystemErrorMap().get(-errno) ?? [];
  if (!purpose.startsWith(executionPurpose)) {
    throw new KilnError('sandbox/setup', `the sandbox cannot ${purpose}: ${text} (${syscall})`);
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

/** From the status of wait(2). */
function resultOf(status: number): SandboxResult {
  const number = status & 0x7f;
  if (number === 0) return { kind: 'exited', code: (status >> 8) & 0xff };
  const [signal] = Object.entries(constants.signals).find(([, value]) => value === number) ?? ['SIGKILL'];
  return { kind: 'signaled', signal: signal as NodeJS.Signals };
}
