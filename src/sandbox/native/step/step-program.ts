import { Program } from '../program/program.ts';
import { becomeUser } from './credentials.ts';
import { makeDevices } from './devices.ts';
import { execute } from './execution.ts';
import { mountKernelFiles, protectKernelFiles } from './kernel-files.ts';
import { descriptors, kernel, reports } from './kernel.ts';
import { startLoopback } from './loopback.ts';
import { callMakePath } from './mounting.ts';
import { enterRoot, leaveHost } from './root.ts';
import { mountAll } from './step-mounts.ts';
import type { StepPlan } from './step-plan.ts';

const largestDescriptor = 0xffff_ffff;

/**
 * The program of a step. It runs as three processes:
 *
 * - the first is Kiln's child; it starts the second and waits for it;
 * - the second is the first process of a process id namespace, so that the kernel kills whatever is in there when it ends;
 *   it starts the third and reports how that ended;
 * - the third is the first process of a namespace inside of that; it makes the surroundings and becomes the user's program.
 *
 * The kernel kills the first when Kiln dies, and the second when the first does. The user's program cannot reach either of
 * them, and being in a namespace of its own, it is process 1, as in a container.
 */
export function stepProgram(plan: StepPlan): Program {
  const program = new Program(plan.host.architecture);
  closeInherited(program, plan);
  program.call('prctl', [kernel.setName, program.text('kiln-step'), 0, 0, 0]);
  dieWithParent(program);
  const processId = program.words([reports.processId, 0]);
  const flags = kernel.cloneNewProcessIds | kernel.cloneParentSetThreadId | kernel.signalChild;
  program.call('clone', [flags, 0, processId + 8, 0, 0], {
    purpose: 'make a process',
    zero: () => {
      guard(program, plan);
    },
  });
  program.call('write', [descriptors.report, processId, 16]);
  program.call('wait4', [-1, 0, 0, 0]);
  program.exit(0);
  return program;
}

function guard(program: Program, plan: StepPlan): void {
  dieWithParent(program);
  for (const directory of plan.controlGroups) enterControlGroup(program, directory);
  const { cloneNewMounts, cloneNewHostname, cloneNewIpc, cloneNewProcessIds, signalChild } = kernel;
  const flags =
    (cloneNewMounts | cloneNewHostname | cloneNewIpc | cloneNewProcessIds | signalChild) +
    (plan.hasOwnNetwork ? kernel.cloneNewNetwork : 0) +
    (plan.host.hasUnifiedCgroups ? kernel.cloneNewControlGroup : 0);
  program.call('clone', [flags, 0, 0, 0, 0], {
    purpose: 'make namespaces',
    zero: () => {
      becomeStep(program, plan);
    },
  });
  const exitStatus = program.words([reports.exitStatus, 0]);
  program.call('wait4', [-1, exitStatus + 8, 0, 0]);
  program.call('write', [descriptors.report, exitStatus, 16]);
  program.exit(0);
}

function becomeStep(program: Program, plan: StepPlan): void {
  for (const fd of [descriptors.lifeline, descriptors.report]) {
    program.call('fcntl', [fd, kernel.setDescriptorFlags, 1]);
  }
  enterRoot(program, plan);
  makeDevices(program, plan);
  mountKernelFiles(program, plan);
  mountAll(program, plan);
  protectKernelFiles(program, plan);
  const hostname = Buffer.from(plan.hostname);
  program.call('sethostname', [program.data(hostname), hostname.length], { purpose: 'set the host name' });
  if (plan.hasOwnNetwork) startLoopback(program);
  leaveHost(program, plan);
  useNoInput(program);
  if (plan.isCwdNested) callMakePath(program, plan.cwd, 'directory');
  // Before the user is changed, who may not be allowed to.
  program.call('chdir', [program.text(plan.cwd)], { purpose: `enter ${plan.cwd}` });
  becomeUser(program, plan);
  execute(program, plan);
}

function closeInherited(program: Program, { host }: StepPlan): void {
  if (host.canCloseRange) {
    program.call('close_range', [descriptors.report + 1, largestDescriptor, 0], { error: 'ignore' });
    return;
  }
  for (const fd of host.inherited) program.call('close', [fd], { error: 'ignore' });
}

/** Also if the parent was quicker. */
function dieWithParent(program: Program): void {
  program.call('prctl', [kernel.setDeathSignal, kernel.signalKill, 0, 0, 0]);
  const poll = program.words([descriptors.lifeline]);
  const noTime = program.words([0, 0]);
  program.call('ppoll', [poll, 1, noTime, 0, 0], {
    positive: () => {
      program.exit(0);
    },
  });
}

function enterControlGroup(program: Program, directory: string): void {
  const purpose = `enter the control group ${directory}`;
  const flags = kernel.openWrite | kernel.closeOnExec;
  program.call('openat', [kernel.currentFolder, program.text(`${directory}/cgroup.procs`), flags, 0], { purpose });
  program.call('write', [descriptors.hostRoot, program.text('0'), 1], { purpose });
  program.call('close', [descriptors.hostRoot]);
}

function useNoInput(program: Program): void {
  program.call('openat', [kernel.currentFolder, program.text('/dev/null'), 0, 0], { purpose: 'open /dev/null' });
  // All others have been closed.
  program.call('dup3', [descriptors.hostRoot, descriptors.stdin, 0]);
  program.call('close', [descriptors.hostRoot]);
}
