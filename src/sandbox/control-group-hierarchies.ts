import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { lazy } from '../spec/lazy.ts';

/** A hierarchy of control groups that is mounted. */
export interface ControlGroupHierarchy {
  readonly mountPoint: string;
  /** The group that this process is in, from the mount point; `/` is the root of the hierarchy. */
  readonly own: string;
}

/** Those of the first version in which a step is, if there is no other; limits of a parent are in all of these. */
const controllers = { always: ['memory', 'pids'], withParent: ['cpu', 'cpuacct', 'blkio'] } as const;

/**
 * The hierarchies in which a step gets a group. Where the second version has the controllers, it is the only one.
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
    // Inside of a container, part of a hierarchy may be mounted.
    const inside = mounted.root === '/' ? path : path.slice(mounted.root.length);
    return { mountPoint: mounted.mountPoint, own: path.startsWith(mounted.root) ? join('/', inside) : '/' };
  };
  const unified = find('');
  if (unified && hasMemoryController(unified)) return [unified];
  const names = [...controllers.always, ...(hasParent ? controllers.withParent : [])];
  const found = names.map(find).filter((hierarchy) => hierarchy !== undefined);
  return found.length > 0 || !unified ? found : [unified];
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
