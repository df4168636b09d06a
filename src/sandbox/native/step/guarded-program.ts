import type { ControlGroupDirectory } from '../../control-group.ts';
import type { Host } from '../host.ts';
import { Program } from '../program/program.ts';
import { descriptors, kernel, reports } from './kernel.ts';
import { directoryFlags } from './mounting.ts';
import { callSetSignalAction } from './process-calls.ts';

export interface GuardedProgram {
  readonly host: Host;
  readonly controlGroups: readonly ControlGroupDirectory[];
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
  const group = controlGroups.find(({ isUnified }) => isUnified);
  if (group) cloneInto(program, cloneFlags, { ...group, openFlags: directoryFlags(host) });
  else callClone(program, cloneFlags);
  // From here on, it is the new process: this one is not to be bounded, nor counted.
  for (const { path } of controlGroups.filter(({ isUnified }) => !isUnified)) enterControlGroup(program, path);
  for (const fd of [descriptors.lifeline, descriptors.report]) {
    program.call('fcntl', [fd, kernel.setDescriptorFlags, 1]);
  }
  become(program);
  return program;
}

function callClone(program: Program, cloneFlags: number): void {
  const flags = cloneFlags | kernel.cloneNewProcessIds | kernel.signalChild;
  program.call('clone', [flags, 0, 0, 0, 0], {
    purpose: 'make namespaces',
    positive: () => {
      waitAndReport(program);
    },
  });
}

/** Best effort, unless the group has limits: if the process cannot begin there, it begins where this one is. */
function cloneInto(
  program: Program,
  cloneFlags: number,
  { path, isRequired, openFlags }: ControlGroupDirectory & { readonly openFlags: number },
): void {
  const purpose = `enter the control group ${path}`;
  const error = isRequired
    ? 'fail'
    : () => {
        callClone(program, cloneFlags);
      };
  program.call('openat', [kernel.currentFolder, program.text(path), openFlags, 0], {
    purpose,
    error,
    positive: () => {
      // https://man7.org/linux/man-pages/man2/clone.2.html, struct clone_args
      const words = [
        (cloneFlags | kernel.cloneNewProcessIds) + kernel.cloneIntoControlGroup,
        0,
        0,
        0,
        kernel.signalChild,
      ];
      const request = program.words([...words, 0, 0, 0, 0, 0, descriptors.controlGroup]);
      program.call('clone3', [request, 88], {
        purpose,
        error,
        positive: () => {
          waitAndReport(program);
        },
      });
      program.call('close', [descriptors.controlGroup]);
    },
  });
}

function waitAndReport(program: Program): void {
  const exitStatus = program.words([reports.exitStatus, 0]);
  program.call('wait4', [-1, exitStatus + 8, 0, 0]);
  program.call('write', [descriptors.report, exitStatus, 16]);
  program.exit(0);
}

function enterControlGroup(program: Program, directory: string): void {
  const purpose = `enter the control group ${directory}`;
  const flags = kernel.openWrite | kernel.closeOnExec;
  program.call('openat', [kernel.currentFolder, program.text(`${directory}/cgroup.procs`), flags, 0], { purpose });
  program.call('write', [descriptors.hostRoot, program.text('0'), 1], { purpose });
  program.call('close', [descriptors.hostRoot]);
}
