import type { Host } from '../host.ts';
import { Program } from '../program/program.ts';
import { descriptors, kernel, reports } from './kernel.ts';
import { callSetSignalAction } from './process-calls.ts';

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
 * A program that does not outlive Kiln, nor leaves anything running. The launcher has made it the first process of a process id
 * namespace, so that the kernel kills whatever is in there when it ends. It starts another, which makes calls and becomes
 * another program, and reports how that ended. That one cannot reach it, and being in a namespace of its own, it is process 1,
 * as in a container.
 */
export function guardedProgram({ host, controlGroups, cloneFlags, become }: GuardedProgram): Program {
  const program = new Program(host.architecture);
  program.call('prctl', [kernel.setName, program.text('kiln-step'), 0, 0, 0]);
  // The launcher does not wait for its children; this one does.
  callSetSignalAction(program, kernel.signalChild, kernel.signalDefault);
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
  return program;
}

function enterControlGroup(program: Program, directory: string): void {
  const purpose = `enter the control group ${directory}`;
  const flags = kernel.openWrite | kernel.closeOnExec;
  program.call('openat', [kernel.currentFolder, program.text(`${directory}/cgroup.procs`), flags, 0], { purpose });
  program.call('write', [descriptors.hostRoot, program.text('0'), 1], { purpose });
  program.call('close', [descriptors.hostRoot]);
}
