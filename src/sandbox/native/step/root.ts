import type { Program } from '../program/program.ts';
import { descriptors, kernel } from './kernel.ts';
import { callMount, callOpenDirectory, callSetMountFlags } from './mounting.ts';
import type { StepPlan } from './step-plan.ts';

/**
 * Makes the root of the step the root. That of the host is still there, by a descriptor; absolute paths are inside from here
 * on, wherever symlinks and dots lead. For that, it must not be put on top of the new root, as is often done: `..` leads
 * there. It is put into the stage, which devices are made in and which /dev is going to cover.
 */
export function enterRoot(program: Program, plan: StepPlan): void {
  const { mountRecursive, mountPrivate, mountBind, mountNoSuid, currentFolder } = kernel;
  callMount(program, { source: 'none', target: '/', flags: mountRecursive | mountPrivate });
  callMount(program, { source: plan.root, target: plan.root, flags: mountBind | mountRecursive });
  callOpenDirectory(program, plan, '/');
  program.call('chdir', [program.text(plan.root)], { purpose: `enter ${plan.root}` });
  // Nobody outside of a device cgroup would keep root from making and opening the host's disks.
  if (!plan.isInsecure) callSetMountFlags(program, '.', kernel.mountNoDevices);
  program.call('umask', [0]);
  callMount(program, { source: 'tmpfs', target: 'dev', type: 'tmpfs', flags: mountNoSuid, data: 'mode=700' });
  callOpenDirectory(program, plan, 'dev');
  const oldRoot = program.text('dev/host');
  program.call('mkdirat', [currentFolder, oldRoot, 0o700]);
  program.call('pivot_root', [program.text('.'), oldRoot], { purpose: 'change the root' });
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
