import { readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { KilnError } from '../../diagnostic/kiln-error.ts';
import { mountFlags, unmount } from '../../system/mount.ts';
import { host } from '../native/host.ts';
import type { MountPlaces } from '../native/mount-places.ts';
import type { ProgramEnd, ProgramRunner } from '../native/program-runner.ts';
import { runtimeProgram } from '../oci-runtime/runtime-program.ts';
import { namespaceFileProgram } from './namespace-file.ts';
import type { NetworkHelper } from './network-helper.ts';
import { isolatedResolvConf } from './resolv-conf.ts';

/** How long a helper may take until the network is there, in ms. */
const patience = 10_000;

export interface IsolatedNetworkOptions {
  readonly helper: NetworkHelper;
  readonly places: MountPlaces;
  readonly runner: ProgramRunner;
  readonly searchPath: string;
}

/** A network namespace that is connected by a helper, for any number of steps. */
export class IsolatedNetwork implements AsyncDisposable {
  /** What setns(2) takes, when it is open. */
  readonly path: string;
  /** What /etc/resolv.conf is there. */
  readonly resolvConf: Uint8Array;
  readonly #options: IsolatedNetworkOptions;
  readonly #directory: string;
  readonly #stop = new AbortController();
  #isMounted = false;
  #helper: Promise<unknown> = Promise.resolve();
  #isRunning = false;

  private constructor(options: IsolatedNetworkOptions) {
    this.#options = options;
    this.#directory = options.places.make();
    this.path = join(this.#directory, 'network');
    this.resolvConf = Buffer.from(isolatedResolvConf(hostResolvConf(), options.helper.resolver));
  }

  /** Throws KilnError `sandbox/network` with what the helper says if it does not get there. */
  static async start(options: IsolatedNetworkOptions): Promise<IsolatedNetwork> {
    const network = new IsolatedNetwork(options);
    try {
      await network.#makeNamespace();
      await network.#startHelper();
      return network;
    } catch (error) {
      await network[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** Whether the helper still does its work. */
  get isRunning(): boolean {
    return this.#isRunning;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#helper.catch(() => undefined);
    if (this.#isMounted) unmount(this.path, mountFlags.MNT_DETACH);
    unlinkSync(this.path);
    await this.#options.places.remove(this.#directory, false);
  }

  async #makeNamespace(): Promise<void> {
    writeFileSync(this.path, '', { mode: 0o600 });
    const silent = { stdout: () => undefined, stderr: () => undefined };
    const end = await this.#options.runner.run(namespaceFileProgram(host(), this.path), silent);
    if (end.kind === 'failed') throw networkError(`cannot ${end.failure.purpose} (${end.failure.syscall})`);
    this.#isMounted = true;
  }

  async #startHelper(): Promise<void> {
    const { helper, runner, searchPath } = this.#options;
    const { path, name } = helper;
    const program = runtimeProgram({
      ...{ host: host(), path, args: [name, ...helper.args(this.path)], env: [`PATH=${searchPath}`] },
    });
    let said = '';
    const io = {
      stderr: (chunk: Uint8Array) => {
        said = (said + Buffer.from(chunk).toString()).slice(-mostSaid);
      },
      signal: this.#stop.signal,
    };
    await new Promise<void>((resolve, reject) => {
      const late = setTimeout(() => {
        reject(networkError(`${name} takes too long: ${lastLine(said)}`));
      }, patience);
      const stdout = (chunk: Uint8Array): void => {
        if (this.#isRunning || !readyReport.test(Buffer.from(chunk).toString())) return;
        clearTimeout(late);
        this.#isRunning = true;
        resolve();
      };
      const ended = (end: ProgramEnd): void => {
        clearTimeout(late);
        this.#isRunning = false;
        reject(networkError(`${name} ${describe(end)}: ${lastLine(said)}`));
      };
      this.#helper = runner.run(program, { ...io, stdout }).then(ended, reject);
    });
  }
}

/** A number: whatever else they print comes later, or is no good news. */
const readyReport = /^\d+\s*/;

/** Characters of what it says that are kept. */
const mostSaid = 4096;

function networkError(message: string): KilnError {
  return new KilnError('sandbox/network', `there is no network for steps of their own: ${message}`, {
    hint: 'with KILN_NETWORK=host, they share that of the host',
  });
}

function describe(end: ProgramEnd): string {
  if (end.kind !== 'ended') return 'cannot be executed';
  return end.result.kind === 'exited' ? `exited with ${end.result.code}` : `was ended by ${end.result.signal}`;
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}

function hostResolvConf(): string {
  try {
    return readFileSync('/etc/resolv.conf', 'utf8');
  } catch {
    return '';
  }
}
