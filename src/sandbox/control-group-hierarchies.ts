import { readFileSync } from 'node:fs';
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
const controllersOfParents = ['memory', 'pids', 'cpu', 'cpuacct', 'blkio'] as const;

/**
 * The hierarchies in which a step gets a group: that of the second version, if there is one. Those of the first are left out
 * unless a parent has limits in them, or the step has, since moving a process there waits for all processors, 10 ms or more.
 * https://man7.org/linux/man-pages/man7/cgroups.7.html
 *
 * @param hasParent whether the group is to be inside of one that sets limits
 * @param controllers those that are to keep limits; those which no hierarchy has are left out
 */
export function controlGroupHierarchies(
  hasParent: boolean,
  controllers: readonly string[] = [],
): readonly ControlGroupHierarchy[] {
  const unified = findHierarchy('');
  const isEnough = unified !== undefined && (!hasParent || unifiedControllers(unified).includes('memory'));
  const found = [
    ...(isEnough ? [unified] : hasParent ? controllersOfParents.map(findHierarchy) : []),
    ...controllers.map(hierarchyOf),
  ].filter((hierarchy) => hierarchy !== undefined);
  // Several controllers may share one.
  return found.filter(({ mountPoint }, index) => found.findIndex((other) => other.mountPoint === mountPoint) === index);
}

/** The hierarchy that has a controller; undefined if none has. */
export function hierarchyOf(controller: string): ControlGroupHierarchy | undefined {
  const unified = findHierarchy('');
  return unified && unifiedControllers(unified).includes(controller) ? unified : findHierarchy(controller);
}

/** They stay the same for as long as the process lives. */
const mounts = lazy(() => readFileSync('/proc/self/mountinfo', 'utf8').split('\n').flatMap(hierarchyMount));
const memberships = lazy(() => readFileSync('/proc/self/cgroup', 'utf8').split('\n').flatMap(membership));

/** @param controller of the first version; empty for the second */
function findHierarchy(controller: string): ControlGroupHierarchy | undefined {
  const mounted = mounts().find((mount) => mount.controllers.includes(controller));
  const path = memberships().find((group) => group.controllers.includes(controller))?.path;
  if (!mounted || path === undefined) return undefined;
  const { mountPoint, root } = mounted;
  // Inside of a container, part of a hierarchy may be mounted.
  const inside = root === '/' ? path : path.slice(root.length);
  return { mountPoint, isUnified: controller === '', own: path.startsWith(root) ? join('/', inside) : '/' };
}

/** Where groups of all hierarchies are, whatever their controllers. */
export function controlGroupMountPoints(): readonly string[] {
  return readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .flatMap(hierarchyMount)
    .map(({ mountPoint }) => mountPoint);
}

function unifiedControllers({ mountPoint }: ControlGroupHierarchy): readonly string[] {
  try {
    return readFileSync(join(mountPoint, 'cgroup.controllers'), 'utf8').trim().split(' ');
  } catch {
    return [];
  }
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
