import type { ChildProcess } from 'node:child_process';
import { readFileSync, readSync, writeSync } from 'node:fs';
import { arch, userInfo } from 'node:os';
import process from 'node:process';
import { getSystemErrorMap } from 'node:util';
import { KilnError } from '../../diagnostic/kiln-error.ts';
import { fromBytes } from '../../spec/byte-string.ts';
import { environmentBytes } from '../../system/environment-bytes.ts';
import { capabilityNumbers, hasCapability } from '../../system/capability.ts';
import { closeDescriptor, inheritDescriptor } from '../../system/descriptor.ts';
import { openPipe } from '../../system/pipe.ts';
import { programInMemory } from '../native/program-file.ts';
import type { Program } from '../native/program/program.ts';
import { mapIds, type OutsideUser } from './id-mapping.ts';
import { namespaceAdvice, readSystemFile } from './namespace-advice.ts';
import { namespaceProgram, readyReport } from './namespace-program.ts';

export interface RootlessRun {
  /** Options of Node, the script and its arguments: `[...process.execArgv, ...process.argv.slice(1)]`. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Told what cannot be done for want of ids. */
  readonly onDegraded?: (reason: string) => void;
}

/** How the other process ended. */
export type RootlessEnd =
  { readonly kind: 'exited'; readonly code: number } | { readonly kind: 'signaled'; readonly signal: NodeJS.Signals };

/** Whether this process is neither root nor in a user namespace where it is, or is a root that may not mount, as in a container. */
export function needsUserNamespace(): boolean {
  return process.getuid?.() !== 0 || !hasCapability(capabilityNumbers.mounts);
}

/** Whether this process is root in a user namespace only, and may write to what its user may write to. */
export function isRootless(): boolean {
  return process.getuid?.() === 0 && !/^\s*0\s+0\s+4294967295\s*$/.test(readFileSync('/proc/self/uid_map', 'latin1'));
}

/**
 * Runs this program once more, in a user namespace where it is root, and waits for its end. The terminal, input and output are
 * the same; signals are passed on; when this process dies, the other one does.
 *
 * Throws KilnError `sandbox/user-namespace` if the machine does not let its users have such namespaces.
 */
export async function runRootless({ args, env, onDegraded }: RootlessRun): Promise<RootlessEnd> {
  const { spawn } = await import('node:child_process');
  const [go, report] = [openPipe(), openPipe()];
  for (const fd of [go.readEnd, report.writeEnd]) inheritDescriptor(fd);
  const architecture = arch() === 'arm64' ? 'arm64' : 'x64';
  const program = namespaceProgram({
    ...{ architecture, path: process.execPath, args: [process.argv0, ...args] },
    env: Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [variable(name, value)])),
    ...{ wait: go.readEnd, report: report.writeEnd },
  });
  using file = programInMemory(program.file(report.writeEnd));
  const child = spawn(file.path, [], { argv0: 'kiln', stdio: 'inherit', env: {} });
  closeDescriptor(go.readEnd);
  closeDescriptor(report.writeEnd);
  const end = waitFor(child);
  try {
    checkReport(program, report.readEnd);
    const missing = await mapIds(child.pid ?? 0, currentUser());
    if (missing !== '') onDegraded?.(missing);
    writeSync(go.writeEnd, '.');
  } finally {
    closeDescriptor(go.writeEnd);
    closeDescriptor(report.readEnd);
  }
  return await end;
}

/** With bytes that are not UTF-8 as they are. */
function variable(name: string, value: string): string {
  return `${name}=${fromBytes(environmentBytes(name, value))}`;
}

function currentUser(): OutsideUser {
  const [uid, gid] = [process.getuid?.() ?? 0, process.getgid?.() ?? 0];
  try {
    return { name: userInfo().username, uid, gid };
  } catch {
    // Not every user has a name.
    return { name: String(uid), uid, gid };
  }
}

/** Waits until the process is in its namespace. */
function checkReport(program: Program, fd: number): void {
  const buffer = Buffer.alloc(16);
  const size = readSync(fd, buffer);
  if (size === 16 && Number(buffer.readBigInt64LE(0)) === readyReport) return;
  const failure =
    size === 16 ? program.describe(Number(buffer.readBigInt64LE(0)), Number(buffer.readBigInt64LE(8))) : undefined;
  const [code = '', text = 'it ended'] = getSystemErrorMap().get(-(failure?.errno ?? 0)) ?? [];
  const { reason, hint } = namespaceAdvice({ code, read: readSystemFile });
  throw new KilnError('sandbox/user-namespace', `no user namespace can be made: ${text}; ${reason}`, { hint });
}

/** Meanwhile passes signals on; those of a terminal go to both by themselves. */
async function waitFor(child: ChildProcess): Promise<RootlessEnd> {
  const isTerminal = process.stdin.isTTY || process.stderr.isTTY;
  const passed: readonly NodeJS.Signals[] = ['SIGTERM', 'SIGHUP', 'SIGINT', 'SIGQUIT', 'SIGUSR2', 'SIGWINCH'];
  const fromTerminal: readonly NodeJS.Signals[] = ['SIGINT', 'SIGQUIT', 'SIGWINCH'];
  const pass = (signal: NodeJS.Signals): void => {
    if (!isTerminal || !fromTerminal.includes(signal)) child.kill(signal);
  };
  for (const signal of passed) process.on(signal, pass);
  try {
    return await new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', (code, signal) => {
        resolve(signal ? { kind: 'signaled', signal } : { kind: 'exited', code: code ?? 1 });
      });
    });
  } finally {
    for (const signal of passed) process.off(signal, pass);
  }
}
