import { readFileSync } from 'node:fs';
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
  /** As the signal of `io`, but nobody waits until the kernel has done away with what was killed. */
  readonly leave?: AbortSignal | undefined;
  /** Told of one that nobody waited for: when it is gone. */
  readonly onLeft?: (gone: Promise<void>) => void;
}

/** Runs a program and returns what it has reported, when all its processes are gone and all output has been given on. */
export async function runProgram({ launcher, executable, io, leave, onLeft }: ProgramRun): Promise<Report> {
  const [output, errors, reports] = [openPipe(), openPipe(), openPipe()];
  try {
    launcher.launch({ executable, stdout: output.writeEnd, stderr: errors.writeEnd, report: reports.writeEnd });
  } catch (error) {
    for (const { readEnd } of [output, errors, reports]) closeDescriptor(readEnd);
    throw error;
  } finally {
    for (const { writeEnd } of [output, errors, reports]) closeDescriptor(writeEnd);
  }
  // While the program begins.
  const { Socket: SocketClass } = await import('node:net');
  const report = new Report();
  const open = ({ readEnd }: { readonly readEnd: number }): Socket => {
    return new SocketClass({ fd: readEnd, readable: true, writable: false });
  };
  const sockets = [open(output), open(errors), open(reports)] as const;
  const streams = [
    read(sockets[0], io.stdout),
    read(sockets[1], io.stderr),
    read(sockets[2], (chunk) => {
      report.add(chunk);
    }),
  ];
  // Kills the process that takes all others with it, as soon as it is known which one that is.
  const stop = async (): Promise<void> => {
    sendKill(await report.processId);
    if (leave?.aborted) for (const socket of sockets) socket.destroy();
  };
  const listener = (): void => void stop();
  for (const signal of [io.signal, leave]) {
    signal?.addEventListener('abort', listener);
    if (signal?.aborted) listener();
  }
  await Promise.all(streams);
  for (const signal of [io.signal, leave]) signal?.removeEventListener('abort', listener);
  report.end();
  const gone = whenGone(report);
  if (leave?.aborted) onLeft?.(gone);
  else await gone;
  return report;
}

/** One that was killed closes its descriptors first, and then waits for all that it takes with it. */
async function whenGone(report: Report): Promise<void> {
  const processId = await report.processId;
  while (report.exitStatus === undefined && processId !== undefined && isAlive(processId)) await delay(1);
}

function sendKill(processId: number | undefined): void {
  try {
    if (processId !== undefined) kill(processId, 'SIGKILL');
  } catch {
    // It is gone.
  }
}

/** One that has ended, and that nobody has asked about yet, is not. */
function isAlive(processId: number): boolean {
  try {
    // https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html: the state comes behind the name, which may be anything.
    const stat = readFileSync(`/proc/${processId}/stat`, 'latin1');
    return !/^\) [ZX]/.test(stat.slice(stat.lastIndexOf(')')));
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
