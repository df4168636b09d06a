import type { Host } from './host.ts';
import { Program } from './program/program.ts';
import { descriptors, kernel, reports } from './step/kernel.ts';
import { callDieWithParent, callSetSignalAction } from './step/process-calls.ts';

/** Where the descriptors arrive that come with a request: the lowest numbers that are free. */
const received = { executable: 4, stdout: 5, stderr: 6, report: 7 } as const;
const kept = 8;
const largestDescriptor = 0xffff_ffff;
const controlSize = 32;

/**
 * A process that starts others: Kiln itself is large, and starting a process takes the longer, the larger the one is that does
 * it. Each request on its socket brings an executable, the places for its output, and one for its reports. The executable is
 * run as the first process of a process id namespace. The kernel kills the launcher when Kiln dies, and with it all of them.
 */
export function launcherProgram(host: Host): Program {
  const program = new Program(host.architecture);
  callCloseInherited(program, host);
  program.call('prctl', [kernel.setName, program.text('kiln-launcher'), 0, 0, 0]);
  callDieWithParent(program);
  program.call('chdir', [program.text('/')], { error: 'ignore' });
  // So that nobody needs to wait for them.
  callSetSignalAction(program, kernel.signalChild, kernel.signalIgnore);
  const processId = program.words([reports.processId, 0]);
  const message = requestMessage(program);
  program.repeat(() => {
    program.call('recvmsg', [descriptors.lifeline, message, kernel.receiveCloseOnExec], {
      zero: () => {
        // Kiln needs it no more.
        program.exit(0);
      },
    });
    const flags = kernel.cloneNewProcessIds | kernel.cloneParentSetThreadId | kernel.signalChild;
    program.call('clone', [flags, 0, processId + 8, 0, 0], {
      purpose: 'make a process',
      zero: () => {
        becomeExecutable(program);
      },
      positive: () => {
        program.call('write', [received.report, processId, 16], { error: 'ignore' });
      },
      error: () => {
        callReportFailure(program, received.report, reports.cloneFailed);
      },
    });
    for (const fd of Object.values(received)) program.call('close', [fd]);
  });
  return program;
}

function becomeExecutable(program: Program): void {
  callDieWithParent(program);
  program.call('setsid', []);
  program.call('dup3', [received.executable, kept, kernel.closeOnExec]);
  program.call('dup3', [received.stdout, descriptors.stdout, 0]);
  program.call('dup3', [received.stderr, descriptors.stderr, 0]);
  program.call('dup3', [received.report, descriptors.report, 0]);
  const args = program.words([program.text('kiln-step'), 0]);
  const env = program.words([0]);
  program.call('execveat', [kept, program.text(''), args, env, kernel.executeOpenFile], { error: 'ignore' });
  callReportFailure(program, descriptors.report, reports.executeFailed);
  program.exit(255);
}

/** Which of the calls failed is said by the first number, since the address that would say it is one of another program. */
function callReportFailure(program: Program, fd: number, kind: number): void {
  program.call('write', [fd, program.words([kind]), 8], { error: 'ignore' });
  program.call('write', [fd, program.failure + 8, 8], { error: 'ignore' });
}

/** `struct msghdr` for a byte and four descriptors. The kernel leaves it as it is. */
function requestMessage(program: Program): number {
  const parts = program.words([program.data(new Uint8Array(8)), 1]);
  const control = program.data(new Uint8Array(controlSize));
  return program.words([0, 0, parts, 1, control, controlSize, 0]);
}

function callCloseInherited(program: Program, { inherited }: Host): void {
  if (!inherited) {
    program.call('close_range', [descriptors.lifeline + 1, largestDescriptor, 0], { error: 'ignore' });
    return;
  }
  for (const fd of inherited) program.call('close', [fd], { error: 'ignore' });
}
