import { chmodSync, chownSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { env as environment, pid } from 'node:process';
import { KilnError } from '../../diagnostic/kiln-error.ts';
import { ControlGroup, removeControlGroups } from '../control-group.ts';
import { withLimitMet } from '../limits/limit-met.ts';
import { hasLimits, type StepLimits } from '../limits/step-limits.ts';
import { findProgram } from '../find-program.ts';
import { host } from '../native/host.ts';
import { MountPlaces } from '../native/mount-places.ts';
import { PreparedStep } from '../native/prepare-step.ts';
import { ProgramRunner } from '../native/program-runner.ts';
import type { PlannedMount, StepPlan } from '../native/step/step-plan.ts';
import { StepNetwork, type SandboxNetwork } from '../network/step-network.ts';
import type { SandboxProcess } from '../sandbox-process.ts';
import type { Sandbox, SandboxIo, SandboxResult } from '../sandbox.ts';
import { runtimeProgram } from './runtime-program.ts';
import { runtimeSpec } from './runtime-spec.ts';

export interface OciSandboxOptions {
  /** An empty directory, or a new one, to mount on. Other processes may use the same. */
  readonly directory: string;
  /** Name or path of the runtime: `runc`, `crun`, ... */
  readonly runtime: string;
  /** Of every step. */
  readonly limits?: StepLimits | undefined;
  readonly network: SandboxNetwork;
}

/** Has an OCI runtime make the surroundings. Bundles are in memory, since there may be secrets in them. */
export class OciSandbox implements Sandbox {
  readonly #places: MountPlaces;
  readonly #runner: ProgramRunner;
  readonly #runtime: string;
  readonly #limits: StepLimits;
  readonly #network: StepNetwork;
  #count = 0;

  constructor({ directory, runtime, network, limits = {} }: OciSandboxOptions) {
    this.#places = new MountPlaces(directory);
    this.#runner = new ProgramRunner(this.#places);
    this.#network = new StepNetwork({ ...network, places: this.#places, runner: this.#runner });
    this.#runtime = runtime;
    this.#limits = limits;
  }

  begin(network: SandboxProcess['network']): void {
    this.#network.begin(network);
  }

  async run(process: SandboxProcess, io: SandboxIo): Promise<SandboxResult> {
    const path = findRuntime(this.#runtime);
    const network = await this.#network.of(process.network);
    await using bounds = this.#makeBounds(process.cgroupParent);
    await using step = new PreparedStep(this.#places);
    const plan = await step.prepare(process, { network });
    checkUser(plan);
    const id = `kiln-${pid}-${++this.#count}`;
    const bundle = this.#places.make();
    const outer = join('/', process.cgroupParent ?? '', bounds?.name ?? '');
    const controlGroup = host().isUserNamespace && !bounds ? '' : join(outer, id);
    try {
      writeBundle(bundle, plan, controlGroup);
      const args = [this.#runtime, '--root', join(bundle, 'state'), 'run', '--bundle', bundle, id];
      const env = Object.entries(environment).flatMap(([name, value]) =>
        value === undefined ? [] : [`${name}=${value}`],
      );
      const end = await this.#runner.run(runtimeProgram({ host: host(), path, args, env }), io);
      if (end.kind === 'ended') return bounds ? withLimitMet(end.result, bounds) : end.result;
      throw new KilnError('sandbox/setup', `the runtime ${this.#runtime} cannot be executed`);
    } finally {
      rmSync(bundle, { recursive: true, force: true });
      if (controlGroup !== '') await removeControlGroups(controlGroup);
      // In hierarchies without limits, too, where the runtime has made it.
      if (bounds) await removeControlGroups(outer);
    }
  }

  /** The runtime makes its own group, inside of this one, which is still there to be asked when that is gone. */
  #makeBounds(parent: string | undefined): ControlGroup | undefined {
    return hasLimits(this.#limits) ? ControlGroup.make({ parent: parent ?? '/', limits: this.#limits }) : undefined;
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

/** A runtime knows the users only that the kernel knows. */
function checkUser({ user: { uid, gid }, isForeignUser }: StepPlan): void {
  if (!isForeignUser) return;
  const missing = host().hasUser(uid) ? `group ${gid}` : `user ${uid}`;
  throw new KilnError('sandbox/unmapped-user', `there is no ${missing} in the user namespace that Kiln runs in`, {
    hint: 'leave --runtime out, or grant ids in /etc/subuid and /etc/subgid and install newuidmap',
  });
}

function writeBundle(bundle: string, plan: StepPlan, controlGroup: string): void {
  const files = join(bundle, 'files');
  mkdirSync(files, { mode: 0o700 });
  const fileOf = (mount: PlannedMount): string => join(files, String(plan.mounts.indexOf(mount)));
  for (const mount of plan.mounts) {
    if (mount.kind !== 'file') continue;
    writeFileSync(fileOf(mount), mount.content, { mode: 0o600 });
    chownSync(fileOf(mount), mount.uid, mount.gid);
    chmodSync(fileOf(mount), mount.mode & 0o7777);
  }
  writeFileSync(join(bundle, 'config.json'), JSON.stringify(runtimeSpec(plan, { fileOf, controlGroup })));
}

/** Throws KilnError `sandbox/no-runtime` if it is not installed. */
function findRuntime(name: string): string {
  const found = findProgram(name, environment.PATH ?? '');
  if (found !== undefined) return found;
  throw new KilnError('sandbox/no-runtime', `there is no runtime ${name}`, {
    hint: 'install it, or leave --runtime out: Kiln has a sandbox of its own',
  });
}
