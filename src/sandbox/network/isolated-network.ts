import { readFileSync, statSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { KilnError } from '../../diagnostic/kiln-error.ts';
import { unmountAside } from '../../system/mount.ts';
import { host } from '../native/host.ts';
import type { MountPlaces } from '../native/mount-places.ts';
import type { ProgramEnd, ProgramRunner } from '../native/program-runner.ts';
import type { SandboxResult } from '../sandbox.ts';
import type { NetworkHelper } from './network-helper.ts';
import { networkProgram } from './network-program.ts';
import type { PlannedNetwork } from './planned-network.ts';
import { isolatedResolvConf } from './resolv-conf.ts';

/** How long a helper may take until the network is there, in ms. */
const patience = 10_000;

export interface IsolatedNetworkOptions {
  readonly helper: NetworkHelper;
  readonly places: MountPlaces;
  readonly runner: ProgramRunner;
  readonly searchPath: string;
  /** Of the build. */
  readonly signal?: AbortSignal | undefined;
}

/** A network namespace that is connected by a helper, for any number of steps. */
export class IsolatedNetwork implements AsyncDisposable {
  /** What steps get. `path` can be opened when it is {@link IsolatedNetwork.ready}. */
  readonly planned: Extract<PlannedNetwork, { kind: 'joined' }>;
  /** Throws KilnError `sandbox/network` with what the helper says if it does not get there. */
  readonly ready: Promise<void>;
  readonly #options: IsolatedNetworkOptions;
  readonly #directory: string;
  readonly #stop = new AbortController();
  readonly #leave = new AbortController();
  #helper: Promise<unknown> = Promise.resolve();
  #ending: Promise<void> | undefined;
  #isRunning = false;

  /** Begins to make one. */
  constructor(options: IsolatedNetworkOptions) {
    this.#options = options;
    this.#directory = options.places.make();
    const path = join(this.#directory, 'network');
    writeFileSync(path, '', { mode: 0o600 });
    const resolvConf = Buffer.from(isolatedResolvConf(hostResolvConf(), options.helper.resolver));
    this.planned = { kind: 'joined', path, resolvConf };
    this.ready = this.#start();
    // Who needs it takes the error.
    this.ready.catch(() => undefined);
  }

  /** Whether the helper still does its work. */
  get isRunning(): boolean {
    return this.#isRunning;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return (this.#ending ??= this.#end());
  }

  async #end(): Promise<void> {
    // The kernel takes 30 ms to do away with a device, for which only those wait who were told to end at once and leave nothing. As
    // long as the namespace may still be being mounted, there is no device.
    const isWaitedFor = !this.#isPlaced() || this.#options.signal?.aborted === true;
    (isWaitedFor ? this.#stop : this.#leave).abort();
    await this.#helper.catch(() => undefined);
    // If it got that far.
    await unmountAside(this.planned.path);
    unlinkSync(this.planned.path);
    await this.#options.places.remove(this.#directory, false);
  }

  /** Whether the namespace is mounted where others find it. */
  #isPlaced(): boolean {
    return this.#isRunning || statSync(this.planned.path).dev !== statSync(this.#directory).dev;
  }

  async #start(): Promise<void> {
    const { helper, runner, searchPath } = this.#options;
    const { path, name } = helper;
    const namespace = this.planned.path;
    const program = networkProgram({
      ...{ host: host(), namespace, path, args: [name, ...helper.args(namespace)], env: [`PATH=${searchPath}`] },
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
        reject(networkError(end.kind === 'ended' ? `${name} ${describe(end.result)}: ${lastLine(said)}` : reason(end)));
      };
      this.#helper = runner.run(program, { ...io, stdout }, this.#leave.signal).then(ended, reject);
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

function describe(result: SandboxResult): string {
  return result.kind === 'exited' ? `exited with ${result.code}` : `was ended by ${result.signal}`;
}

function reason(end: Exclude<ProgramEnd, { kind: 'ended' }>): string {
  return end.kind === 'failed' ? `cannot ${end.failure.purpose} (${end.failure.syscall})` : 'it cannot be executed';
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
