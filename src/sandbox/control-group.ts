import { mkdirSync, readFileSync, readdirSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { pid } from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { KilnError } from '../diagnostic/kiln-error.ts';
import { isSystemError } from '../system/system-error.ts';
import { controlGroupHierarchies, controlGroupMountPoints } from './control-group-hierarchies.ts';

/** A control group in one of the hierarchies. */
export interface ControlGroupDirectory {
  readonly path: string;
  readonly isUnified: boolean;
}

/** Counts a step's use of the machine, and bounds it if its parent is bounded. */
export class ControlGroup implements AsyncDisposable {
  /** One for each hierarchy that there is; none where they cannot be made. */
  readonly directories: readonly ControlGroupDirectory[];

  private constructor(directories: readonly ControlGroupDirectory[]) {
    this.directories = directories;
  }

  /**
   * Makes one inside the group that this process is in, or inside of `parent`. Throws KilnError `sandbox/cgroup-parent` if that
   * cannot be.
   *
   * @param parent from the root of the hierarchies; made if it is missing
   */
  static make(parent?: string): ControlGroup {
    const name = `kiln-${pid}-${++count}`;
    const directories: ControlGroupDirectory[] = [];
    for (const { mountPoint, own, isUnified } of controlGroupHierarchies(parent !== undefined)) {
      const outer = join(mountPoint, parent ?? own);
      const path = join(outer, name);
      try {
        if (parent !== undefined) mkdirSync(outer, { recursive: true });
        removeLeftovers(outer);
        mkdirSync(path);
        directories.push({ path, isUnified });
      } catch (error) {
        if (parent === undefined) continue;
        const reason = error instanceof Error ? error.message : String(error);
        throw new KilnError('sandbox/cgroup-parent', `no control group can be made in ${parent}: ${reason}`, {
          cause: error,
        });
      }
    }
    return new ControlGroup(directories);
  }

  /** Whether a process in it was killed because there was no memory left for it. */
  get hasRunOutOfMemory(): boolean {
    return this.directories
      .flatMap(({ path }) => [join(path, 'memory.events'), join(path, 'memory.oom_control')])
      .some((file) => /^oom_kill [1-9]/m.test(readIfThere(file)));
  }

  /** Removes it. All processes in it must have ended, which the kernel may notice a little later. */
  async [Symbol.asyncDispose](): Promise<void> {
    for (const { path } of this.directories) await removeWhenEmpty(path);
  }
}

/** Removes what a runtime may have left of a group, in all hierarchies. All processes in it must have ended. */
export async function removeControlGroups(path: string): Promise<void> {
  for (const mountPoint of controlGroupMountPoints()) await removeWhenEmpty(join(mountPoint, path));
}

async function removeWhenEmpty(directory: string): Promise<void> {
  for (let tries = 0; tries < 100 && !removeGroup(directory); tries++) await delay(2);
}

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
