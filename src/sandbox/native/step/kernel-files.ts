import type { Program } from '../program/program.ts';
import { kernel } from './kernel.ts';
import { callBindHost, callMount, callSetMountFlags } from './mounting.ts';
import type { StepPlan } from './step-plan.ts';

const quiet = kernel.mountNoSuid | kernel.mountNoExec | kernel.mountNoDevices;

/** /proc and /sys, of the namespaces of the step. */
export function mountKernelFiles(program: Program, plan: StepPlan): void {
  callMount(program, {
    ...{ source: 'proc', target: '/proc', type: 'proc', flags: quiet },
    // In a user namespace inside of a container, the kernel does not give another one than what that has.
    ...(plan.host.isUserNamespace && {
      error: () => {
        callBindHost(program, { source: '/proc', target: '/proc' });
      },
    }),
  });
  const flags = quiet | (plan.isInsecure ? 0 : kernel.mountReadonly);
  callMount(program, {
    ...{ source: 'sysfs', target: '/sys', type: 'sysfs', flags },
    // It belongs to the network, and a user namespace may not have one of its own.
    error: () => {
      callBindHost(program, { source: '/sys', target: '/sys' });
      callSetMountFlags(program, '/sys', flags);
    },
  });
  if (!plan.host.hasUnifiedCgroups) return;
  callMount(program, { source: 'cgroup', target: '/sys/fs/cgroup', type: 'cgroup2', flags, error: 'ignore' });
}

/** Hides what would show the host, and protects what would change it. Behind all other mounts. */
export function protectKernelFiles(program: Program, plan: StepPlan): void {
  if (plan.isInsecure) return;
  for (const path of plan.readonlyPaths) {
    callMount(program, { source: path, target: path, flags: kernel.mountBind | kernel.mountRecursive });
    callSetMountFlags(program, path, quiet | kernel.mountReadonly);
  }
  for (const { path, isDirectory } of plan.maskedPaths) {
    if (isDirectory) {
      const flags = quiet | kernel.mountReadonly;
      callMount(program, { source: 'tmpfs', target: path, type: 'tmpfs', flags, data: 'size=0,nr_inodes=1' });
    } else {
      callMount(program, { source: '/dev/null', target: path, flags: kernel.mountBind });
    }
  }
}
