import { accessSync, constants } from 'node:fs';
import { KilnError } from '../../diagnostic/kiln-error.ts';
import type { MountPlaces } from '../native/mount-places.ts';
import type { ProgramRunner } from '../native/program-runner.ts';
import { isSystemError } from '../../system/system-error.ts';
import type { SandboxProcess } from '../sandbox-process.ts';
import { IsolatedNetwork } from './isolated-network.ts';
import type { NetworkChoice } from './network-choice.ts';
import { networkHelperNames, networkHelpers } from './network-helper.ts';
import type { PlannedNetwork } from './planned-network.ts';

/** What is decided about the networks of steps before there are any. */
export interface SandboxNetwork {
  readonly choice: NetworkChoice;
  /** PATH of this process. */
  readonly searchPath: string;
  /** Told, at most once, why steps share the network of the host. */
  readonly onShared?: ((reason: string) => void) | undefined;
  /** Of the build. Once it is aborted, nothing may be left when the sandbox has ended. */
  readonly signal?: AbortSignal | undefined;
}

export interface StepNetworkOptions extends SandboxNetwork {
  readonly places: MountPlaces;
  readonly runner: ProgramRunner;
}

/** Where programs get network devices of their own from. */
const tunnels = '/dev/net/tun';

/**
 * Finds the network of each step. Those with the network `default` are in one namespace, which is made for the first of them:
 * starting a helper for every step would take longer than most steps do.
 */
export class StepNetwork implements AsyncDisposable {
  readonly #options: StepNetworkOptions;
  #isolated: Promise<IsolatedNetwork | undefined> | undefined;
  /** The one that is there, or is made. */
  #latest: IsolatedNetwork | undefined;
  /** Why there is none, as long as nobody was told. */
  #untold: string | undefined;
  #isOver = false;

  constructor(options: StepNetworkOptions) {
    this.#options = options;
  }

  /** Begins to make the one that a step would have to wait for. What goes wrong, those that come for it are told. */
  begin(network: SandboxProcess['network']): void {
    if (!this.#shared(network)) (this.#isolated ??= this.#start()).catch(() => undefined);
  }

  /**
   * What {@link StepNetwork.of} will say, unless there is no such network after all: starting a helper takes a tenth of a second,
   * in which a step can be prepared.
   */
  async expected(network: SandboxProcess['network']): Promise<PlannedNetwork> {
    const actual = this.of(network);
    if (this.#shared(network)) return actual;
    // Who asks again takes the error.
    actual.catch(() => undefined);
    return this.#latest?.planned ?? (await actual);
  }

  /** Returns when it is there. Throws KilnError `sandbox/network` if there has to be a network of their own, and cannot be. */
  async of(network: SandboxProcess['network']): Promise<PlannedNetwork> {
    return this.#shared(network) ?? (await this.#running())?.planned ?? hosts;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isOver = true;
    // One that nobody came for need not get ready first.
    await this.#latest?.[Symbol.asyncDispose]();
    const isolated = await this.#isolated?.catch(() => undefined);
    await isolated?.[Symbol.asyncDispose]();
  }

  /** One that needs no namespace with a helper. */
  #shared(network: SandboxProcess['network']): PlannedNetwork | undefined {
    if (network === 'none') return none;
    return network === 'host' || this.#options.choice === 'host' ? hosts : undefined;
  }

  /** The one that there is, or another one if somebody has killed its helper. */
  async #running(): Promise<IsolatedNetwork | undefined> {
    const current = (this.#isolated ??= this.#start());
    const network = await current;
    if (this.#untold !== undefined) this.#options.onShared?.(this.#untold);
    this.#untold = undefined;
    if (!network || network.isRunning) return network;
    if (this.#isolated === current) {
      this.#isolated = network[Symbol.asyncDispose]().then(() => this.#start());
    }
    return await this.#running();
  }

  async #start(): Promise<IsolatedNetwork | undefined> {
    const { choice, places, runner, searchPath, signal } = this.#options;
    const helpers = networkHelpers(searchPath);
    let failure = helpers.length > 0 ? unusableDevice() : undefined;
    for (const helper of failure ? [] : helpers) {
      const network = new IsolatedNetwork({ helper, places, runner, searchPath, signal });
      this.#latest = network;
      try {
        await network.ready;
        return network;
      } catch (error) {
        this.#latest = undefined;
        await network[Symbol.asyncDispose]();
        if (this.#isOver) return undefined;
        if (!(error instanceof Error)) throw error;
        failure ??= error;
      }
    }
    const missing = `neither ${networkHelperNames.join(' nor ')} is installed`;
    if (choice === 'auto') {
      this.#untold = failure?.message ?? missing;
      return undefined;
    }
    if (failure !== undefined) throw failure;
    throw new KilnError('sandbox/network', `there is no network for steps of their own: ${missing}`, {
      hint: 'install one (Debian: passt or slirp4netns), or share the network of the host with KILN_NETWORK=host',
    });
  }
}

const none: PlannedNetwork = { kind: 'none' };
const hosts: PlannedNetwork = { kind: 'host' };

/** All helpers need it. Asking costs nothing, unlike starting them in vain. */
function unusableDevice(): Error | undefined {
  try {
    accessSync(tunnels, constants.R_OK | constants.W_OK);
    return undefined;
  } catch (error) {
    const reason = isSystemError(error, 'ENOENT') ? 'does not exist' : 'may not be opened by this user';
    return new KilnError('sandbox/network', `there is no network for steps of their own: ${tunnels} ${reason}`, {
      hint: `make it usable (chmod 666 ${tunnels}), or share the network of the host with KILN_NETWORK=host`,
      cause: error,
    });
  }
}
