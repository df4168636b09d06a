import { constants } from 'node:os';
import { closeDescriptor } from '../../system/descriptor.ts';
import { openPipe, type Pipe } from '../../system/pipe.ts';
import { isSystemError } from '../../system/system-error.ts';
import type { SandboxIo, SandboxResult } from '../sandbox.ts';
import type { MountPlaces } from './mount-places.ts';
import { programInDirectory, programInMemory } from './program-file.ts';
import type { FilePart } from './program/executable.ts';
import type { CallFailure, Program } from './program/program.ts';
import type { Report } from './report.ts';
import { runProgram } from './run-program.ts';
import { descriptors } from './step/kernel.ts';

/** How a program ended: what it became, or a call of its own. */
export type ProgramEnd =
  | { readonly kind: 'ended'; readonly result: SandboxResult }
  | { readonly kind: 'failed'; readonly failure: CallFailure }
  | { readonly kind: 'not-found' };

/** Executes programs, none of which outlives this process. */
export class ProgramRunner implements Disposable {
  readonly #places: MountPlaces;
  #lifeline: Pipe | undefined;
  #isMemoryExecutable = true;

  /** @param places for programs, on machines that execute nothing that is in memory only */
  constructor(places: MountPlaces) {
    this.#places = places;
  }

  /** Returns when all its processes are gone, and all output has been given on. */
  async run(program: Program, io: SandboxIo): Promise<ProgramEnd> {
    const report = await this.#execute(program.file(descriptors.report), io);
    const { failure, exitStatus, isProgramMissing } = report;
    if (isProgramMissing) return { kind: 'not-found' };
    if (failure) return { kind: 'failed', failure: program.describe(failure.address, failure.result) };
    return { kind: 'ended', result: exitStatus === undefined ? killed : resultOf(exitStatus) };
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
    const directory = this.#places.make();
    try {
      using file = programInDirectory(directory, parts);
      return await runProgram({ path: file.path, io, lifeline });
    } finally {
      this.#places.remove(directory, false);
    }
  }

  [Symbol.dispose](): void {
    if (!this.#lifeline) return;
    closeDescriptor(this.#lifeline.readEnd);
    closeDescriptor(this.#lifeline.writeEnd);
    this.#lifeline = undefined;
  }
}

const killed: SandboxResult = { kind: 'signaled', signal: 'SIGKILL' };

/** From the status of wait(2). */
function resultOf(status: number): SandboxResult {
  const number = status & 0x7f;
  if (number === 0) return { kind: 'exited', code: (status >> 8) & 0xff };
  const [signal] = Object.entries(constants.signals).find(([, value]) => value === number) ?? ['SIGKILL'];
  return { kind: 'signaled', signal: signal as NodeJS.Signals };
}
