import { constants } from 'node:os';
import { isSystemError } from '../../system/system-error.ts';
import type { SandboxIo, SandboxResult } from '../sandbox.ts';
import { Launcher } from './launcher.ts';
import type { MountPlaces } from './mount-places.ts';
import { programInDirectory, programInMemory, type ProgramFile } from './program-file.ts';
import type { FilePart } from './program/executable.ts';
import type { CallFailure, Program } from './program/program.ts';
import { runProgram } from './run-program.ts';
import { descriptors } from './step/kernel.ts';

/** How a program ended: what it became, or a call of its own. */
export type ProgramEnd =
  | { readonly kind: 'ended'; readonly result: SandboxResult }
  | { readonly kind: 'failed'; readonly failure: CallFailure }
  | { readonly kind: 'not-found' };

/** Executes programs, none of which outlives this process. */
export class ProgramRunner implements AsyncDisposable {
  readonly #places: MountPlaces;
  #launcher: Launcher | undefined;
  /** Some machines execute nothing that is in memory only. */
  #directory: string | undefined;
  readonly #left: Promise<void>[] = [];

  /** @param places for programs, if need be */
  constructor(places: MountPlaces) {
    this.#places = places;
  }

  /**
   * Returns when all its processes are gone, and all output has been given on.
   *
   * @param leave kills them, too, and does not wait until they are gone
   */
  async run(program: Program, io: SandboxIo, leave?: AbortSignal): Promise<ProgramEnd> {
    const launcher = this.#runningLauncher();
    using file = this.#makeFile(program.file(descriptors.report));
    const onLeft = (gone: Promise<void>): void => {
      this.#left.push(gone);
    };
    const report = await runProgram({ launcher, executable: file.fd, io, leave, onLeft });
    const { failure, launchFailure, exitStatus, isProgramMissing } = report;
    if (launchFailure) return { kind: 'failed', failure: launchFailure };
    if (isProgramMissing) return { kind: 'not-found' };
    if (failure) return { kind: 'failed', failure: program.describe(failure.address, failure.result) };
    return { kind: 'ended', result: exitStatus === undefined ? killed : resultOf(exitStatus) };
  }

  /** Returns when those are gone, too, that nobody waited for. */
  async left(): Promise<void> {
    await Promise.all(this.#left);
  }

  /** One for all; another one if somebody has killed it. */
  #runningLauncher(): Launcher {
    if (this.#launcher?.isRunning === true) return this.#launcher;
    const former = this.#launcher;
    this.#launcher = this.#startLauncher();
    void former?.[Symbol.asyncDispose]();
    return this.#launcher;
  }

  #startLauncher(): Launcher {
    const makeFile = (parts: readonly FilePart[]): ProgramFile => this.#makeFile(parts);
    try {
      return Launcher.start(makeFile);
    } catch (error) {
      if (this.#directory !== undefined || !isSystemError(error, 'EACCES', 'EPERM', 'ENOENT')) throw error;
      this.#directory = this.#places.make();
      return Launcher.start(makeFile);
    }
  }

  #makeFile(parts: readonly FilePart[]): ProgramFile {
    return this.#directory === undefined ? programInMemory(parts) : programInDirectory(this.#directory, parts);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const launcher = this.#launcher;
    this.#launcher = undefined;
    await launcher?.[Symbol.asyncDispose]();
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
