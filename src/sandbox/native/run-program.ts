import type { Socket } from 'node:net';
import { kill } from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { closeDescriptor } from '../../system/descriptor.ts';
import { openPipe } from '../../system/pipe.ts';
import type { SandboxIo } from '../sandbox.ts';
import type { Launcher } from './launcher.ts';
import { Report } from './report.ts';

export interface ProgramRun {
  readonly launcher: Launcher;
  /** The program, open. */
  readonly executable: number;
  readonly io: SandboxIo;
}

/** Runs a program and returns what it has reported, when all its processes are gone and all output has been given on. */
export async function runProgram({ launcher, executable, io }: ProgramRun): Promise<Report> {
  const { Socket: SocketClass } = await import('node:net');
  const [output, errors, reports] = [openPipe(), openPipe(), openPipe()];
  const report = new Report();
  const streams = [
    read(new SocketClass({ fd: output.readEnd, readable: true, writable: false }), io.stdout),
    read(new SocketClass({ fd: errors.readEnd, readable: true, writable: false }), io.stderr),
    read(new SocketClass({ fd: reports.readEnd, readable: true, writable: false }), (chunk) => {
      report.add(chunk);
    }),
  ];
  try {
    launcher.launch({ executable, stdout: output.writeEnd, stderr: errors.writeEnd, report: reports.writeEnd });
  } finally {
    for (const { writeEnd } of [output, errors, reports]) closeDescriptor(writeEnd);
  }
  const stop = (): void => {
    // Kills the process that takes all others with it, as soon as it is known which one that is.
    void report.processId.then(sendKill);
  };
  io.signal?.addEventListener('abort', stop);
  if (io.signal?.aborted) stop();
  await Promise.all(streams);
  io.signal?.removeEventListener('abort', stop);
  report.end();
  // One that was killed closes its descriptors first, and then waits for all that it takes with it.
  const processId = await report.processId;
  while (report.exitStatus === undefined && processId !== undefined && isAlive(processId)) await delay(1);
  return report;
}

function sendKill(processId: number | undefined): void {
  try {
    if (processId !== undefined) kill(processId, 'SIGKILL');
  } catch {
    // It is gone.
  }
}

function isAlive(processId: number): boolean {
  try {
    return kill(processId, 0);
  } catch {
    return false;
  }
}

async function read(socket: Socket, give: (chunk: Uint8Array) => void): Promise<void> {
  await new Promise((resolve) => {
    socket.on('data', give);
    socket.once('close', resolve);
    // What cannot be read is the end of it.
    socket.on('error', () => undefined);
  });
}
