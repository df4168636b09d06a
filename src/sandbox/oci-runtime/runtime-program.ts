import { callMount } from '../native/step/mounting.ts';
import { kernel } from '../native/step/kernel.ts';
import { guardedProgram } from '../native/step/guarded-program.ts';
import type { Host } from '../native/host.ts';
import type { Program } from '../native/program/program.ts';

export interface RuntimeProgram {
  readonly host: Host;
  /** Path of the runtime, its arguments with the name first, its environment. */
  readonly path: string;
  readonly args: readonly string[];
  readonly env: readonly string[];
}

/**
 * The program that becomes a runtime, in a namespace of process ids of its own, so that what it starts cannot outlive Kiln.
 * It needs a /proc of that namespace.
 */
export function runtimeProgram({ host, ...runtime }: RuntimeProgram): Program {
  return guardedProgram({
    ...{ host, controlGroups: [], cloneFlags: kernel.cloneNewMounts },
    become: (program) => {
      becomeRuntime(program, runtime);
    },
  });
}

/** Makes the calls of a process with mounts of its own that becomes such a program. */
export function becomeRuntime(program: Program, { path, args, env }: Omit<RuntimeProgram, 'host'>): void {
  const list = (texts: readonly string[]): number => program.words([...texts.map((text) => program.text(text)), 0]);
  const { mountRecursive, mountSlave, mountNoSuid, mountNoExec, mountNoDevices } = kernel;
  callMount(program, { source: 'none', target: '/', flags: mountRecursive | mountSlave });
  const flags = mountNoSuid | mountNoExec | mountNoDevices;
  callMount(program, { source: 'proc', target: '/proc', type: 'proc', flags });
  program.call('umask', [0o022]);
  program.call('execve', [program.text(path), list(args), list(env)], { purpose: `execute ${path}` });
  program.exit(255);
}
