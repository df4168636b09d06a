import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A program to be run, without a shell. */
export interface Command {
  readonly program: string;
  readonly args: readonly string[];
  /** The environment of this process if absent. */
  readonly env?: NodeJS.ProcessEnv;
  /** Working directory. */
  readonly cwd?: string;
}

export interface CommandOptions {
  /** Ends the process and all in its group. */
  readonly signal?: AbortSignal;
  /** Told the process id as soon as there is one. */
  readonly started?: (pid: number) => void;
}

let count = 0;

/**
 * Runs a program to its end and returns what it printed to standard output. Both outputs go to files: a pipe would make the
 * program wait for this process. Throws with the end of its standard error if it fails.
 */
export async function runCommand(command: Command, { signal, started }: CommandOptions = {}): Promise<string> {
  signal?.throwIfAborted();
  const files = ['out', 'err'].map((kind) => join(tmpdir(), `kiln-bench-${process.pid}-${count++}.${kind}`));
  const handles = files.map((file) => openSync(file, 'w'));
  try {
    const code = await untilEnd(command, handles, { ...(signal && { signal }), ...(started && { started }) });
    signal?.throwIfAborted();
    const [out = '', err = ''] = files.map((file) => readFileSync(file, 'utf8'));
    if (code === 0) return out;
    const text = [command.program, ...command.args].join(' ');
    throw new Error(`${text} ended with ${code ?? 'a signal'}: ${(err || out).trim().slice(-1000)}`);
  } finally {
    handles.forEach(closeSync);
    for (const file of files) rmSync(file);
  }
}

async function untilEnd(
  { program, args, env, cwd }: Command,
  outputs: readonly number[],
  { signal, started }: CommandOptions,
): Promise<number | null> {
  // A group of its own, so that Ctrl-C reaches this process first, and ends all of the group through it.
  const child = spawn(program, args, { env, cwd, stdio: ['ignore', ...outputs], detached: true });
  let late: NodeJS.Timeout | undefined;
  const end = () => {
    killGroup(child.pid, 'SIGTERM');
    late = setTimeout(() => {
      killGroup(child.pid, 'SIGKILL');
    }, 5000);
  };
  signal?.addEventListener('abort', end);
  try {
    if (child.pid !== undefined) started?.(child.pid);
    return await new Promise((done, failed) => child.once('error', failed).once('close', done));
  } finally {
    signal?.removeEventListener('abort', end);
    clearTimeout(late);
  }
}

function killGroup(pid: number | undefined, how: NodeJS.Signals): void {
  try {
    if (pid !== undefined) process.kill(-pid, how);
  } catch {
    // It has ended.
  }
}

/** Where a program is, looking at PATH and then at the folders for administrators; undefined if it is not installed. */
export async function findProgram(name: string): Promise<string | undefined> {
  const path = `${process.env['PATH'] ?? ''}:/usr/local/sbin:/usr/sbin:/sbin`;
  try {
    const out = await runCommand({ program: '/bin/sh', args: ['-c', `command -v "${name}"`], env: { PATH: path } });
    return out.trim();
  } catch {
    return undefined;
  }
}
