import { chmodSync, chownSync, copyFileSync, lstatSync, mkdirSync, realpathSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { KilnError } from '../../diagnostic/kiln-error.ts';
import { lazy } from '../../spec/lazy.ts';
import { setOwner } from '../../system/file-owner.ts';
import { mountOverlay } from '../../system/overlay.ts';
import type { ControlGroup } from '../control-group.ts';
import { isSystemError } from '../../system/system-error.ts';
import { aptSettings } from '../apt-settings.ts';
import { completeEnvironment } from '../environment.ts';
import { defaultHostname, etcFiles } from '../etc-files.ts';
import { MountStubs, type StubTarget } from '../mount-stubs.ts';
import { maskedPaths, readonlyPaths } from '../proc-paths.ts';
import { resourceLimitNumber } from '../resource-limits.ts';
import { withHostGateway } from '../network/host-gateway.ts';
import type { PlannedNetwork } from '../network/planned-network.ts';
import type { OverlayMount, RootFileSystem, SandboxMount, SandboxProcess } from '../sandbox-process.ts';
import { resolveInRoot } from '../scoped-path.ts';
import { resolveUser, type ResolvedUser } from '../user.ts';
import { host } from './host.ts';
import type { MountPlaces } from './mount-places.ts';
import { openSocketProxy } from './socket-proxy.ts';
import type { PlannedMount, StepPlan } from './step/step-plan.ts';

const defaultShmSize = 64 << 20;
/** Mounted by every step. */
const systemTargets = ['/proc', '/sys', '/dev'];

/** What to do where the kernel refuses mounts and namespaces. */
export const privilegeHint =
  'Kiln needs namespaces and mounts: start a container with --security-opt seccomp=unconfined --security-opt apparmor=unconfined, or with --privileged';

/** What there is for a step already. */
export interface PreparedSurroundings {
  /** What it is to enter. */
  readonly controlGroup?: ControlGroup;
  readonly network: PlannedNetwork;
}

/** A step that can be run, and what has to be undone after it. */
export class PreparedStep implements AsyncDisposable {
  readonly #places: MountPlaces;
  readonly #undo: (() => void | Promise<void>)[] = [];

  constructor(places: MountPlaces) {
    this.#places = places;
  }

  /**
   * Mounts and makes all that the step needs outside of its namespaces. Throws KilnError `sandbox/...` for what cannot be; also
   * then, what has been made is undone by disposing.
   */
  async prepare(process: SandboxProcess, surroundings: PreparedSurroundings): Promise<StepPlan> {
    try {
      const { controlGroup, network } = surroundings;
      return { ...(await this.#prepare(process, network)), network, controlGroups: controlGroup?.directories ?? [] };
    } catch (error) {
      if (!isSystemError(error, 'EPERM', 'EACCES', 'EINVAL', 'ENODEV', 'EROFS', 'ENOTDIR')) throw error;
      throw new KilnError('sandbox/setup', `the surroundings of the step cannot be made: ${(error as Error).message}`, {
        ...(isSystemError(error, 'EPERM') && { hint: privilegeHint }),
        cause: error,
      });
    }
  }

  async #prepare(
    process: SandboxProcess,
    network: PlannedNetwork,
  ): Promise<Omit<StepPlan, 'controlGroups' | 'network'>> {
    const root = this.#mountRoot(process.root);
    const user = resolveUser(root, process.user);
    const hostname = process.hostname ?? defaultHostname;
    const apt = host().firstMissingId === 1 && user.uid === 0 ? aptSettings(root, process.env) : undefined;
    const { mounts, places } = await this.#planMounts(root, [
      ...etcFiles(
        hostname,
        withHostGateway(process.extraHosts, network),
        network.kind === 'joined' ? network.resolvConf : undefined,
      ),
      ...(apt?.mounts ?? []),
      ...process.mounts,
    ]);
    const cwd = posix.resolve('/', process.cwd);
    const isCwdNested = isWithin(places, resolveInRoot(root, cwd));
    if (!isCwdNested) makeWorkingDirectory(root, cwd, user);
    const isInsecure = process.security === 'insecure';
    return {
      ...{ host: host(), root, user, hostname, mounts, cwd, isCwdNested, isInsecure },
      isForeignUser: !host().hasUser(user.uid) || !host().hasGroup(user.gid),
      isReadonlyRoot: process.root.readonly ?? false,
      shmSize: process.shmSize ?? defaultShmSize,
      limits: process.ulimits.map((limit) => ({ ...limit, number: resourceLimitNumber(limit) })),
      args: process.args,
      env: completeEnvironment([...process.env, ...(apt?.env ?? [])], user.home),
      ...protectedPaths(),
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const undo of this.#undo.splice(0).reverse()) await undo();
  }

  #mountRoot({ lowers, upper, work, merged }: RootFileSystem): string {
    if (merged !== undefined) return realpathSync(merged);
    return lowers.length === 0 ? realpathSync(upper) : this.#mountOverlay({ lowers, upper, work });
  }

  #mountOverlay(overlay: Pick<OverlayMount, 'lowers' | 'upper' | 'work'>): string {
    const target = this.#places.make();
    let isMounted = false;
    this.#undo.push(() => this.#places.remove(target, isMounted));
    mountOverlay({ ...overlay, target, userXattr: host().isUserNamespace });
    isMounted = true;
    return target;
  }

  async #planMounts(root: string, mounts: readonly SandboxMount[]): Promise<PlannedMounts> {
    const planned: PlannedMount[] = [];
    const places = [...systemTargets];
    const targets: StubTarget[] = [];
    for (const mount of mounts) {
      const target = posix.resolve('/', mount.target);
      if (target === '/') throw new KilnError('sandbox/mount-target', 'nothing can be mounted on the root');
      const place = resolveInRoot(root, target);
      const isNested = isWithin(places, place);
      const plan = await this.#planMount(mount, { target, isNested });
      planned.push(plan);
      places.push(place);
      if (!isNested) targets.push({ path: place, type: targetType(plan) });
    }
    const stubs = new MountStubs(root, targets);
    this.#undo.push(() => {
      stubs.remove();
    });
    // These stay, as they do with other builders.
    new MountStubs(
      root,
      systemTargets.map((path) => ({ path: resolveInRoot(root, path), type: 'directory' })),
    );
    return { mounts: planned, places };
  }

  async #planMount(
    mount: SandboxMount,
    place: { readonly target: string; readonly isNested: boolean },
  ): Promise<PlannedMount> {
    switch (mount.kind) {
      case 'bind':
        return { kind: 'bind', ...place, ...sourceOf(mount.source), isReadonly: mount.readonly };
      case 'overlay':
        return { kind: 'bind', ...place, ...this.#overlaySource(mount), isReadonly: false };
      case 'tmpfs':
        return { kind: 'tmpfs', ...place, size: mount.size };
      case 'file':
        return { ...mount, ...place, ...mappedOwner(mount) };
      case 'socket': {
        const directory = this.#places.make();
        const proxy = await openSocketProxy({ ...mount, ...mappedOwner(mount), path: `${directory}/socket` });
        this.#undo.push(async () => {
          await proxy[Symbol.asyncDispose]();
          await this.#places.remove(directory, false);
        });
        return { kind: 'bind', ...place, source: `${directory}/socket`, isDirectory: false, isReadonly: false };
      }
    }
  }

  #overlaySource({ lowers, upper, work, selector = '/' }: OverlayMount): SourceOfBind {
    const [first] = lowers;
    if (first === undefined) return sourceOf(upper + resolveInRoot(upper, selector));
    if (!lstatSync(first).isDirectory()) {
      const copy = join(upper, 'file');
      copyFileSync(first, copy);
      const { uid, gid } = lstatSync(first);
      chownSync(copy, uid, gid);
      return sourceOf(copy);
    }
    const merged = this.#mountOverlay({ lowers, upper, work });
    return sourceOf(merged + resolveInRoot(merged, selector));
  }
}

/** Where there is no such user, everybody who could be meant is root. */
function mappedOwner({ uid, gid }: { readonly uid: number; readonly gid: number }): {
  readonly uid: number;
  readonly gid: number;
} {
  const { hasUser, hasGroup } = host();
  return { uid: hasUser(uid) ? uid : 0, gid: hasGroup(gid) ? gid : 0 };
}

interface SourceOfBind {
  readonly source: string;
  readonly isDirectory: boolean;
}

function sourceOf(path: string): SourceOfBind {
  if (!lstatSync(path, { throwIfNoEntry: false })) {
    throw new KilnError('sandbox/mount-source', `there is no ${path} to mount`);
  }
  const source = realpathSync(path);
  return { source, isDirectory: lstatSync(source).isDirectory() };
}

function targetType(mount: PlannedMount): 'directory' | 'file' {
  return mount.kind === 'tmpfs' || (mount.kind === 'bind' && mount.isDirectory) ? 'directory' : 'file';
}

/** Mounts, and where all are that the step will have, as the root has it. */
interface PlannedMounts {
  readonly mounts: readonly PlannedMount[];
  readonly places: readonly string[];
}

function isWithin(places: readonly string[], path: string): boolean {
  return places.some((place) => path === place || path.startsWith(`${place}/`));
}

/** What of the kernel's files there is to hide, or to protect: the same for every step. */
const protectedPaths = lazy((): Pick<StepPlan, 'maskedPaths' | 'readonlyPaths'> => {
  return {
    maskedPaths: maskedPaths.flatMap((path) => {
      const status = lstatSync(path, { throwIfNoEntry: false });
      return status ? [{ path, isDirectory: status.isDirectory() }] : [];
    }),
    readonlyPaths: readonlyPaths.filter((path) => lstatSync(path, { throwIfNoEntry: false }) !== undefined),
  };
});

/** As BuildKit does for images whose working directory is not in them. */
function makeWorkingDirectory(root: string, cwd: string, { uid, gid }: ResolvedUser): void {
  const make = (path: string): void => {
    if (path === '/' || lstatSync(root + path, { throwIfNoEntry: false })) return;
    make(dirname(path));
    mkdirSync(root + path);
    chmodSync(root + path, 0o755);
    setOwner(root + path, uid, gid);
  };
  make(resolveInRoot(root, cwd));
}
