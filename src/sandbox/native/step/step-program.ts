import type { Program } from '../program/program.ts';
import { becomeUser } from './credentials.ts';
import { makeDevices } from './devices.ts';
import { execute } from './execution.ts';
import { mountKernelFiles, protectKernelFiles } from './kernel-files.ts';
import { guardedProgram } from './guarded-program.ts';
import { descriptors, kernel } from './kernel.ts';
import { joinNetwork, startLoopback } from './networking.ts';
import { callMakePath } from './mounting.ts';
import { enterRoot, leaveHost } from './root.ts';
import { mountAll } from './step-mounts.ts';
import type { StepPlan } from './step-plan.ts';

/** The program of a step: it makes the surroundings, and then becomes the program of the user. */
export function stepProgram(plan: StepPlan): Program {
  return guardedProgram({
    ...{ host: plan.host, controlGroups: plan.controlGroups },
    cloneFlags:
      kernel.cloneNewMounts |
      kernel.cloneNewHostname |
      kernel.cloneNewIpc |
      (plan.network.kind === 'none' ? kernel.cloneNewNetwork : 0),
    become: (program) => {
      becomeStep(program, plan);
    },
  });
}

function becomeStep(program: Program, plan: StepPlan): void {
  if (plan.host.hasCgroupNamespaces) {
    // Not when the process was made: then, it would have been that of the group of its parent.
    program.call('unshare', [kernel.cloneNewControlGroup], { purpose: 'make a namespace of control groups' });
  }
  if (plan.network.kind === 'joined') joinNetwork(program, plan.network.path);
  enterRoot(program, plan);
  makeDevices(program, plan);
  mountKernelFiles(program, plan);
  mountAll(program, plan);
  protectKernelFiles(program, plan);
  const hostname = Buffer.from(plan.hostname);
  program.call('sethostname', [program.data(hostname), hostname.length], {
    purpose: 'set the host name',
    // A container may allow all that a step needs but this.
    ...(plan.host.isUserNamespace && { error: 'ignore' }),
  });
  if (plan.network.kind === 'none') startLoopback(program);
  leaveHost(program, plan);
  useNoInput(program);
  if (plan.isCwdNested) callMakePath(program, plan.cwd, 'directory');
  // Before the user is changed, who may not be allowed to.
  program.call('chdir', [program.text(plan.cwd)], { purpose: `enter ${plan.cwd}` });
  becomeUser(program, plan);
  execute(program, plan);
}

function useNoInput(program: Program): void {
  program.call('openat', [kernel.currentFolder, program.text('/dev/null'), 0, 0], { purpose: 'open /dev/null' });
  // All others have been closed.
  program.call('dup3', [descriptors.hostRoot, descriptors.stdin, 0]);
  program.call('close', [descriptors.hostRoot]);
}
