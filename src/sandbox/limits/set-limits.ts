import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { KilnError } from '../../diagnostic/kiln-error.ts';
import { isSystemError } from '../../system/system-error.ts';
import { hierarchyOf, type ControlGroupHierarchy } from '../control-group-hierarchies.ts';
import { limitControllers, limitFiles, type Controller } from './limit-files.ts';
import type { StepLimits } from './step-limits.ts';

/** What to do where the limits of a step cannot be set. */
const delegateHint =
  'run Kiln as root, or in a group that is yours: systemd-run --user --scope -p Delegate=yes kiln build ...; in a container, mount /sys/fs/cgroup so that it can be written to';

/** Controllers that keep some limits. Throws KilnError `sandbox/limit` if the machine does not have one of them. */
export function neededControllers(limits: StepLimits): readonly Controller[] {
  const controllers = limitControllers(limits);
  for (const controller of controllers) {
    if (hierarchyOf(controller) !== undefined) continue;
    throw new KilnError(
      'sandbox/limit',
      `the limit ${limitNames(limits, controller)} cannot be set: no ${controller} controller of control groups is mounted`,
      { hint: `leave it out, or mount /sys/fs/cgroup with a kernel that has the ${controller} controller` },
    );
  }
  return controllers;
}

/** Of those that a hierarchy is to keep. */
export function controllersIn(
  { mountPoint }: ControlGroupHierarchy,
  controllers: readonly Controller[],
): readonly Controller[] {
  return controllers.filter((controller) => hierarchyOf(controller)?.mountPoint === mountPoint);
}

/** Writes the limits of some controllers to a group. Throws KilnError `sandbox/limit`. */
export function setLimits(
  directory: string,
  limits: StepLimits,
  { isUnified, controllers }: { readonly isUnified: boolean; readonly controllers: readonly Controller[] },
): void {
  for (const { controller, name, value, limit, isOptional } of limitFiles(limits, isUnified ? 2 : 1)) {
    if (!controllers.includes(controller)) continue;
    try {
      writeFileSync(join(directory, name), value);
    } catch (error) {
      if (isOptional && isSystemError(error, 'ENOENT', 'EACCES')) continue;
      throw limitError(`the limit ${limit} cannot be set to ${value}`, error, available(directory, name));
    }
  }
}

/** An error for limits that the machine does not take. */
export function limitError(message: string, cause: unknown, more = ''): KilnError {
  const reason = isSystemError(cause, 'ENOENT')
    ? 'this kernel does not have it'
    : cause instanceof Error
      ? cause.message
      : String(cause);
  return new KilnError('sandbox/limit', `${message}: ${reason}${more}`, {
    cause,
    ...(isSystemError(cause, 'EACCES', 'EPERM', 'EROFS', 'EBUSY') && { hint: delegateHint }),
  });
}

/** Which processors or memory nodes there are, for those who ask for others. */
function available(directory: string, name: string): string {
  if (!name.startsWith('cpuset.')) return '';
  const outer = dirname(directory);
  const found = [`${name}.effective`, name.replace('cpuset.', 'cpuset.effective_'), name]
    .map((file) => join(outer, file))
    .find((file) => existsSync(file));
  const list = found === undefined ? '' : readFileSync(found, 'utf8').trim();
  return list === '' ? '' : ` (there are ${list})`;
}

/** The limits that a controller is to keep, as flags call them. */
export function limitNames(limits: StepLimits, controller: Controller): string {
  const names = limitFiles(limits, 1).filter((file) => file.controller === controller && file.isOptional !== true);
  return names.map(({ limit }) => limit).join(', ');
}

/** In the first version, no process can enter a group whose sets are empty, as those of new groups are. */
export function fillSets(directory: string): void {
  for (const name of ['cpuset.cpus', 'cpuset.mems']) {
    const file = join(directory, name);
    if (readFileSync(file, 'utf8').trim() !== '') continue;
    const outer = join(dirname(directory), name);
    const [first, second] = [outer, outer.replace('cpuset.', 'cpuset.effective_')].map((path) =>
      existsSync(path) ? readFileSync(path, 'utf8').trim() : '',
    );
    writeFileSync(file, first || second || '');
  }
}

/**
 * The group in which that of a step can be made so that the controllers of the second version are in force there: this
 * process's own, or the nearest around it. A group with processes in it cannot have any, unless it is the root.
 *
 * @param outer from the mount point; with all groups around it, if it is a parent that was asked for
 */
export function delegatedGroup(
  { mountPoint }: ControlGroupHierarchy,
  outer: string,
  controllers: readonly Controller[],
): string {
  let failure: unknown;
  for (let group = outer; ; group = dirname(group)) {
    try {
      enableControllers(join(mountPoint, group), controllers);
      return group;
    } catch (error) {
      failure ??= error;
    }
    if (group === '/') break;
  }
  throw limitError(`${controllers.join(', ')} cannot be limited`, failure);
}

/** Puts the controllers in force for the groups inside of one. */
export function enableControllers(directory: string, controllers: readonly Controller[]): void {
  const file = join(directory, 'cgroup.subtree_control');
  const enabled = readFileSync(file, 'utf8').trim().split(' ');
  const missing = controllers.filter((controller) => !enabled.includes(controller));
  if (missing.length > 0) writeFileSync(file, missing.map((controller) => `+${controller}`).join(' '));
}
