import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeDescriptor } from '../../system/descriptor.ts';
import { openSocketPair, sendDescriptors } from '../../system/socket-pair.ts';
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
  readonly #child: ChildProcess;
  readonly #socket: number;
  #isRunning = true;

  private constructor(child: ChildProcess, socket: number) {
    this.#child = child;
    this.#socket = socket;
    child.unref();
    child.once('exit', () => {
      this.#isRunning = false;
    });
  }

  /**
   * Starts one. An error of `node:child_process` if it cannot be executed.
   *
   * @param makeFile puts its program where it can be executed
   */
  static async start(makeFile: (parts: readonly FilePart[]) => ProgramFile): Promise<Launcher> {
    const { spawn } = await import('node:child_process');
    const { one, other } = openSocketPair();
    try {
      using file = makeFile(launcherProgram(host()).file(2));
      // A session of its own: signals of the terminal are for Kiln.
      const options = { argv0: 'kiln-launcher', detached: true, env: {}, cwd: '/' } as const;
      const child = spawn(file.path, [], { ...options, stdio: ['ignore', 'ignore', 'ignore', other] });
      await new Promise((resolve, reject) => {
        child.once('spawn', resolve);
        child.once('error', reject);
      });
      return new Launcher(child, one);
    } catch (error) {
      closeDescriptor(one);
      throw error;
    } finally {
      closeDescriptor(other);
    }
  }

  /** Whether it can be asked; somebody may have killed it. */
  get isRunning(): boolean {
    return this.#isRunning;
  }

  /** Starts a program. The descriptors stay open here, too. */
  launch({ executable, stdout, stderr, report }: Launch): void {
    sendDescriptors(this.#socket, [executable, stdout, stderr, report]);
  }

  /** Returns when it has ended. */
  async [Symbol.asyncDispose](): Promise<void> {
    closeDescriptor(this.#socket);
    this.#child.ref();
    if (this.#isRunning) await once(this.#child, 'exit');
  }
}
