import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { lazy } from '../spec/lazy.ts';

/** A hierarchy of control groups that is mounted. */
export interface ControlGroupHierarchy {
  readonly mountPoint: string;
  /** Whether it is that of the second version, in which a process can begin its life in a group. */
  readonly isUnified: boolean;
  /** The group that this process is in, from the mount point; `/` is the root of the hierarchy. */
  readonly own: string;
}

/** Where the limits of a parent are, in the first version. */
const controllers = ['memory', 'pids', 'cpu', 'cpuacct', 'blkio'] as const;

/**
 * The hierarchies in which a step gets a group: that of the second version, if there is one. Those of the first are left out
 * unless a parent has limits in them, since moving a process there waits for all processors, 10 ms or more.
 * https://man7.org/linux/man-pages/man7/cgroups.7.html
 *
 * @param hasParent whether the group is to be inside of one that sets limits
 */
export function controlGroupHierarchies(hasParent: boolean): readonly ControlGroupHierarchy[] {
  return hasParent ? hierarchies().withParent : hierarchies().always;
}

/** They stay the same for as long as the process lives. */
const hierarchies = lazy(() => ({ always: findHierarchies(false), withParent: findHierarchies(true) }));

function findHierarchies(hasParent: boolean): readonly ControlGroupHierarchy[] {
  const mounts = readFileSync('/proc/self/mountinfo', 'utf8').split('\n').flatMap(hierarchyMount);
  const own = readFileSync('/proc/self/cgroup', 'utf8').split('\n').flatMap(membership);
  const find = (controller: string): ControlGroupHierarchy | undefined => {
    const mounted = mounts.find((mount) => mount.controllers.includes(controller));
    const path = own.find((group) => group.controllers.includes(controller))?.path;
    if (!mounted || path === undefined) return undefined;
    const { mountPoint, root } = mounted;
    // Inside of a container, part of a hierarchy may be mounted.
    const inside = root === '/' ? path : path.slice(root.length);
    return { mountPoint, isUnified: controller === '', own: path.startsWith(root) ? join('/', inside) : '/' };
  };
  const unified = find('');
  if (unified && (!hasParent || hasMemoryController(unified))) return [unified];
  return hasParent ? controllers.map(find).filter((hierarchy) => hierarchy !== undefined) : [];
}

/** Where groups of all hierarchies are, whatever their controllers. */
export function controlGroupMountPoints(): readonly string[] {
  return readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .flatMap(hierarchyMount)
    .map(({ mountPoint }) => mountPoint);
}

function hasMemoryController({ mountPoint }: ControlGroupHierarchy): boolean {
  const file = join(mountPoint, 'cgroup.controllers');
  return existsSync(file) && readFileSync(file, 'utf8').trim().split(' ').includes('memory');
}

interface HierarchyMount {
  readonly mountPoint: string;
  /** Which group of the hierarchy is mounted. */
  readonly root: string;
  /** An empty name stands for the second version. */
  readonly controllers: readonly string[];
}

function hierarchyMount(line: string): readonly HierarchyMount[] {
  const [before = '', after = ''] = line.split(' - ');
  const [, , , root = '', mountPoint = ''] = before.split(' ');
  const [type, , options = ''] = after.split(' ');
  if (type === 'cgroup2') return [{ mountPoint, root, controllers: [''] }];
  return type === 'cgroup' ? [{ mountPoint, root, controllers: options.split(',') }] : [];
}

function membership(line: string): readonly { readonly controllers: readonly string[]; readonly path: string }[] {
  const [, names, path] = /^\d+:([^:]*):(.*)$/.exec(line) ?? [];
  return names === undefined || path === undefined ? [] : [{ controllers: names.split(','), path }];
}
