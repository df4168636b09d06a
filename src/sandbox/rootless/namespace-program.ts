import { Program } from '../native/program/program.ts';
import type { Architecture } from '../native/program/syscall-numbers.ts';
import { kernel } from '../native/step/kernel.ts';

export interface NamespaceProgram {
  readonly architecture: Architecture;
  /** What it becomes: path, arguments with the name first, environment. */
  readonly path: string;
  readonly args: readonly string[];
  readonly env: readonly string[];
  /** Descriptors: where it waits for a byte, and where it says that it does. */
  readonly wait: number;
  readonly report: number;
}

/** What it says when it is in the namespace. */
export const readyReport = 1;

const cloneNewUser = 0x10000000;

/**
 * A process that enters a new user namespace, waits until its ids are mapped, and then becomes a program. Node cannot do this
 * itself, since it has threads.
 */
export function namespaceProgram(request: NamespaceProgram): Program {
  const { architecture, path, args, env, wait, report } = request;
  const program = new Program(architecture);
  const list = (texts: readonly string[]): number => program.words([...texts.map((text) => program.text(text)), 0]);
  program.call('prctl', [kernel.setDeathSignal, kernel.signalKill, 0, 0, 0]);
  for (const fd of [wait, report]) program.call('fcntl', [fd, kernel.setDescriptorFlags, 1]);
  // Mounts, too, which is what a kernel that only pretends to allow user namespaces does not let them have.
  program.call('unshare', [cloneNewUser | kernel.cloneNewMounts], { purpose: 'make a user namespace' });
  program.call('write', [report, program.words([readyReport, 0]), 16]);
  program.call('read', [wait, program.data(new Uint8Array(8)), 1], {
    zero: () => {
      // Whoever was to map the ids is gone.
      program.exit(255);
    },
  });
  program.call('execve', [program.text(path), list(args), list(env)], { purpose: `execute ${path}` });
  program.exit(255);
  return program;
}
