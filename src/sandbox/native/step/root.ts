import type { Program } from '../program/program.ts';
import { descriptors, kernel } from './kernel.ts';
import { callMount, callOpenDirectory, callSetMountFlags } from './mounting.ts';
import type { StepPlan } from './step-plan.ts';

/**
 * Makes the root of the step the root. The host's is still there, by a descriptor; absolute paths are inside from here on,
 * wherever symlinks lead.
 */
export function enterRoot(program: Program, plan: StepPlan): void {
  const { mountRecursive, mountPrivate, mountBind } = kernel;
  callMount(program, { source: 'none', target: '/', flags: mountRecursive | mountPrivate });
  callMount(program, { source: plan.root, target: plan.root, flags: mountBind | mountRecursive });
  callOpenDirectory(program, plan, '/');
  program.call('chdir', [program.text(plan.root)], { purpose: `enter ${plan.root}` });
  // Nobody outside of a device cgroup would keep root from making and opening the host's disks.
  if (!plan.isInsecure) callSetMountFlags(program, '.', kernel.mountNoDevices);
  const here = program.text('.');
  program.call('pivot_root', [here, here], { purpose: 'change the root' });
  program.call('umask', [0]);
}

/** Gives up the way to the host. */
export function leaveHost(program: Program, plan: StepPlan): void {
  program.call('fchdir', [descriptors.hostRoot]);
  program.call('umount2', [program.text('.'), kernel.unmountDetach], { purpose: 'leave the root of the host' });
  program.call('chdir', [program.text('/')]);
  program.call('close', [descriptors.stage]);
  program.call('close', [descriptors.hostRoot]);
  if (plan.isReadonlyRoot) {
    const flags = kernel.mountReadonly | (plan.isInsecure ? 0 : kernel.mountNoDevices);
    callMount(program, { source: '', target: '/', flags: kernel.mountRemount | kernel.mountBind | flags });
  }
}
