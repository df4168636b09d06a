import { closeDescriptor } from '../../system/descriptor.ts';
import { openSocketPair, sendDescriptors } from '../../system/socket-pair.ts';
import { spawnProgram, type SpawnedProcess } from '../../system/spawn.ts';
import { host } from './host.ts';
import { launcherProgram } from './launcher-program.ts';
import type { ProgramFile } from './program-file.ts';
import type { FilePart } from './program/executable.ts';

/** What a program is given. */
export interface Launch {
  readonly executable: number;
  readonly stdout: number;
  readonly stderr: number;
  readonly report: number;
}

/** A small process that starts those of steps. It ends with this object, and in any case with this process. */
export class Launcher implements AsyncDisposable {
  readonly #process: SpawnedProcess;
  readonly #socket: number;

  private constructor(process: SpawnedProcess, socket: number) {
    this.#process = process;
    this.#socket = socket;
  }

  /**
   * Starts one. `SystemError` if it cannot be executed.
   *
   * @param makeFile puts its program where it can be executed
   */
  static start(makeFile: (parts: readonly FilePart[]) => ProgramFile): Launcher {
    const { one, other } = openSocketPair();
    try {
      using file = makeFile(launcherProgram(host()).file(2));
      return new Launcher(spawnProgram({ path: file.path, name: 'kiln-launcher', fd: other }), one);
    } catch (error) {
      closeDescriptor(one);
      throw error;
    } finally {
      closeDescriptor(other);
    }
  }

  /** Whether it can be asked; somebody may have killed it. */
  get isRunning(): boolean {
    return this.#process.isRunning();
  }

  /** Starts a program. The descriptors stay open here, too. */
  launch({ executable, stdout, stderr, report }: Launch): void {
    sendDescriptors(this.#socket, [executable, stdout, stderr, report]);
  }

  /** Returns when it has ended. */
  async [Symbol.asyncDispose](): Promise<void> {
    closeDescriptor(this.#socket);
    await this.#process.ended();
  }
}
