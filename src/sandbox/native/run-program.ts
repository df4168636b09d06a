import type { ChildProcess } from 'node:child_process';
import type { Socket } from 'node:net';
import { kill } from 'node:process';
import { closeDescriptor } from '../../system/descriptor.ts';
import { openPipe } from '../../system/pipe.ts';
import type { SandboxIo } from '../sandbox.ts';
import { Report } from './report.ts';

export interface ProgramRun {
  /** Of the executable. */
  readonly path: string;
  readonly io: SandboxIo;
  /** The read end of a pipe whose write end only this process has. */
  readonly lifeline: number;
}

/**
 * Runs a step and returns what it has reported, when all its processes are gone and all output has been given on. An error of
 * `node:child_process` if it cannot be executed.
 */
export async function runProgram({ path, io, lifeline }: ProgramRun): Promise<Report> {
  const { spawn } = await import('node:child_process');
  const { Socket: SocketClass } = await import('node:net');
  const [output, errors, reports] = [openPipe(), openPipe(), openPipe({ nonBlocking: true })];
  const report = new Report(reports.readEnd);
  const streams = [
    read(new SocketClass({ fd: output.readEnd, readable: true, writable: false }), io.stdout),
    read(new SocketClass({ fd: errors.readEnd, readable: true, writable: false }), io.stderr),
  ];
  try {
    const stdio = ['ignore', output.writeEnd, errors.writeEnd, lifeline, reports.writeEnd] as const;
    // A session of its own: signals of the terminal are for Kiln.
    const child = spawn(path, [], { argv0: 'kiln-step', stdio: [...stdio], detached: true, env: {}, cwd: '/' });
    for (const { writeEnd } of [output, errors, reports]) closeDescriptor(writeEnd);
    const stop = killer(child, report);
    io.signal?.addEventListener('abort', stop);
    if (io.signal?.aborted) stop();
    try {
      await exit(child);
    } finally {
      io.signal?.removeEventListener('abort', stop);
    }
    await Promise.all(streams);
    return report;
  } finally {
    report.close();
  }
}

/** Kills the process that takes all others with it; it says early on which one that is. */
function killer(child: ChildProcess, report: Report): () => void {
  const stop = (): void => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const { processId } = report;
    if (processId === undefined) setTimeout(stop, 2);
    else sendKill(processId);
  };
  return stop;
}

function sendKill(processId: number): void {
  try {
    kill(processId, 'SIGKILL');
  } catch {
    // It is gone.
  }
}

async function exit(child: ChildProcess): Promise<void> {
  await new Promise((resolve, reject) => {
    child.once('exit', resolve);
    child.once('error', reject);
  });
}

async function read(socket: Socket, give: (chunk: Uint8Array) => void): Promise<void> {
  await new Promise((resolve) => {
    socket.on('data', give);
    socket.once('close', resolve);
    // What cannot be read is the end of it.
    socket.on('error', () => undefined);
  });
}
