import type { Host } from '../host.ts';
import { Program } from '../program/program.ts';
import { descriptors, kernel, reports } from './kernel.ts';

const largestDescriptor = 0xffff_ffff;

export interface GuardedProgram {
  readonly host: Host;
  /** Directories of control groups to enter. */
  readonly controlGroups: readonly string[];
  /** Of clone(2): the namespaces that the last process gets, besides that of process ids. */
  readonly cloneFlags: number;
  /** Makes the calls of the last process, which ends with execve. */
  readonly become: (program: Program) => void;
}

/**
 * A program that does not outlive Kiln, nor leaves anything running. It runs as three processes:
 *
 * - the first is Kiln's child; it starts the second and waits for it;
 * - the second is the first process of a process id namespace, so that the kernel kills whatever is in there when it ends;
 *   it starts the third and reports how that ended;
 * - the third is the first process of a namespace inside of that, and becomes another program.
 *
 * The kernel kills the first when Kiln dies, and the second when the first does. The third can reach neither of them, and being
 * in a namespace of its own, it is process 1, as in a container.
 */
export function guardedProgram(request: GuardedProgram): Program {
  const { host } = request;
  const program = new Program(host.architecture);
  closeInherited(program, host);
  program.call('prctl', [kernel.setName, program.text('kiln-step'), 0, 0, 0]);
  dieWithParent(program);
  const processId = program.words([reports.processId, 0]);
  const flags = kernel.cloneNewProcessIds | kernel.cloneParentSetThreadId | kernel.signalChild;
  program.call('clone', [flags, 0, processId + 8, 0, 0], {
    purpose: 'make a process',
    zero: () => {
      guard(program, request);
    },
  });
  program.call('write', [descriptors.report, processId, 16]);
  program.call('wait4', [-1, 0, 0, 0]);
  program.exit(0);
  return program;
}

function guard(program: Program, { controlGroups, cloneFlags, become }: GuardedProgram): void {
  dieWithParent(program);
  for (const directory of controlGroups) enterControlGroup(program, directory);
  program.call('clone', [cloneFlags | kernel.cloneNewProcessIds | kernel.signalChild, 0, 0, 0, 0], {
    purpose: 'make namespaces',
    zero: () => {
      for (const fd of [descriptors.lifeline, descriptors.report]) {
        program.call('fcntl', [fd, kernel.setDescriptorFlags, 1]);
      }
      become(program);
    },
  });
  const exitStatus = program.words([reports.exitStatus, 0]);
  program.call('wait4', [-1, exitStatus + 8, 0, 0]);
  program.call('write', [descriptors.report, exitStatus, 16]);
  program.exit(0);
}

function closeInherited(program: Program, { canCloseRange, inherited }: Host): void {
  if (canCloseRange) {
    program.call('close_range', [descriptors.report + 1, largestDescriptor, 0], { error: 'ignore' });
    return;
  }
  for (const fd of inherited) program.call('close', [fd], { error: 'ignore' });
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
