import { existsSync, mkdirSync, readFileSync, readdirSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { pid } from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { KilnError } from '../diagnostic/kiln-error.ts';
import { isSystemError } from '../system/system-error.ts';
import {
  controlGroupHierarchies,
  controlGroupMountPoints,
  type ControlGroupHierarchy,
} from './control-group-hierarchies.ts';
import type { Controller } from './limits/limit-files.ts';
import {
  controllersIn,
  delegatedGroup,
  enableControllers,
  fillSets,
  limitError,
  neededControllers,
  setLimits,
} from './limits/set-limits.ts';
import { checkLimits, formatBytes, type StepLimits } from './limits/step-limits.ts';

/** A control group in one of the hierarchies. */
export interface ControlGroupDirectory {
  readonly path: string;
  readonly isUnified: boolean;
  /** Whether it bounds the step, so that this must not run outside of it. */
  readonly isRequired: boolean;
}

export interface ControlGroupRequest {
  /** From the root of the hierarchies; made if it is missing. Absent: the group that this process is in. */
  readonly parent?: string | undefined;
  readonly limits?: StepLimits | undefined;
}

/** Counts a step's use of the machine, and bounds it, if it has limits or its parent has. */
export class ControlGroup implements AsyncDisposable {
  /** One for each hierarchy that there is; none where they cannot be made. */
  readonly directories: readonly ControlGroupDirectory[];
  /** The last part of their paths. */
  readonly name: string;
  readonly #limits: StepLimits;

  private constructor(name: string, directories: readonly ControlGroupDirectory[], limits: StepLimits) {
    this.name = name;
    this.directories = directories;
    this.#limits = limits;
  }

  /** Throws KilnError `sandbox/cgroup-parent` if there can be none in the parent, `sandbox/limit` if limits cannot be kept. */
  static make({ parent, limits = {} }: ControlGroupRequest = {}): ControlGroup {
    checkLimits(limits);
    const controllers = neededControllers(limits);
    const name = `kiln-${pid}-${++count}`;
    const directories: ControlGroupDirectory[] = [];
    try {
      for (const hierarchy of controlGroupHierarchies(parent !== undefined && parent !== '/', controllers)) {
        const own = controllersIn(hierarchy, controllers);
        const { isUnified } = hierarchy;
        const path = makeGroup(hierarchy, { parent, name, controllers: own });
        if (path === undefined) continue;
        directories.push({ path, isUnified, isRequired: own.length > 0 });
        setLimits(path, limits, { isUnified, controllers: own });
      }
    } catch (error) {
      for (const { path } of directories) removeGroup(path);
      throw error;
    }
    return new ControlGroup(name, directories, limits);
  }

  /**
   * Which limit a step that has failed met, for its error: `out of memory (limit 64m)`. Undefined if it met none.
   *
   * @param wasKilled whether it ended as those do whom the kernel kills
   */
  limitMet(wasKilled: boolean): string | undefined {
    const { memory, pidsLimit } = this.#limits;
    // Where a runtime has made another group inside, the first version counts kills there only.
    const isFull = memory !== undefined && wasKilled && this.#number('memory.max_usage_in_bytes') > memory - page;
    if (isFull || this.#says(/^oom_kill [1-9]/m, ['memory.events', 'memory.oom_control'])) {
      return `out of memory${memory === undefined ? '' : ` (limit ${formatBytes(memory)})`}`;
    }
    if (pidsLimit === undefined || pidsLimit < 0) return undefined;
    const isMet = this.#number('pids.peak') >= pidsLimit || this.#says(/^max [1-9]/m, ['pids.events']);
    return isMet ? `it had as many processes as it may have (limit ${pidsLimit})` : undefined;
  }

  /** Removes it. All processes in it must have ended, which the kernel may notice a little later. */
  async [Symbol.asyncDispose](): Promise<void> {
    for (const { path } of this.directories) await removeWhenEmpty(path);
  }

  #says(pattern: RegExp, files: readonly string[]): boolean {
    return this.directories.some(({ path }) => files.some((file) => pattern.test(readIfThere(join(path, file)))));
  }

  #number(file: string): number {
    return Math.max(0, ...this.directories.map(({ path }) => Number(readIfThere(join(path, file)))));
  }
}

/** Undefined where there can be none, and need not be. */
function makeGroup(
  hierarchy: ControlGroupHierarchy,
  {
    parent,
    name,
    controllers,
  }: {
    readonly parent: string | undefined;
    readonly name: string;
    readonly controllers: readonly Controller[];
  },
): string | undefined {
  const { mountPoint, own, isUnified } = hierarchy;
  try {
    if (parent !== undefined) makeParents(mountPoint, parent, isUnified ? controllers : []);
    const isBounded = controllers.length > 0;
    const group = parent ?? (isUnified && isBounded ? delegatedGroup(hierarchy, own, controllers) : own);
    const outer = join(mountPoint, group);
    removeLeftovers(outer);
    const path = join(outer, name);
    mkdirSync(path);
    if (controllers.includes('cpuset') && !isUnified) fillSets(path);
    return path;
  } catch (error) {
    if (error instanceof KilnError) throw error;
    if (controllers.length > 0) {
      throw limitError(`${controllers.join(', ')} cannot be limited: no control group can be made`, error);
    }
    if (parent === undefined || parent === '/') return undefined;
    const reason = error instanceof Error ? error.message : String(error);
    throw new KilnError('sandbox/cgroup-parent', `no control group can be made in ${parent}: ${reason}`, {
      cause: error,
    });
  }
}

/** A parent and what is around it, with controllers of the second version in force there. */
function makeParents(mountPoint: string, parent: string, controllers: readonly Controller[]): void {
  const parts = parent.split('/').filter(Boolean);
  for (let count = 0; count <= parts.length; count++) {
    const directory = join(mountPoint, ...parts.slice(0, count));
    if (!existsSync(directory)) {
      mkdirSync(directory);
      if (existsSync(join(directory, 'cpuset.effective_cpus'))) fillSets(directory);
    }
    if (controllers.length > 0) enableControllers(directory, controllers);
  }
}

/** Removes what a runtime may have left of a group, in all hierarchies. All processes in it must have ended. */
export async function removeControlGroups(path: string): Promise<void> {
  for (const mountPoint of controlGroupMountPoints()) await removeWhenEmpty(join(mountPoint, path));
}

async function removeWhenEmpty(directory: string): Promise<void> {
  for (let tries = 0; tries < 100 && !removeGroup(directory); tries++) await delay(2);
}

/** Limits are rounded down to pages, of at most this size. */
const page = 1 << 16;

let count = 0;
const cleaned = new Set<string>();

/** What processes left that were killed. */
function removeLeftovers(outer: string): void {
  if (cleaned.has(outer)) return;
  cleaned.add(outer);
  for (const name of readdirSync(outer)) {
    const owner = /^kiln-(\d+)-\d+$/.exec(name)?.[1];
    if (owner !== undefined && !isAlive(Number(owner))) removeGroup(join(outer, name));
  }
}

function isAlive(process: number): boolean {
  return readIfThere(`/proc/${process}/stat`) !== '';
}

/** Whether it is gone. */
function removeGroup(directory: string): boolean {
  try {
    rmdirSync(directory);
    return true;
  } catch (error) {
    return !isSystemError(error, 'EBUSY');
  }
}

function readIfThere(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
