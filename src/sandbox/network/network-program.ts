import { guardedProgram } from '../native/step/guarded-program.ts';
import { callMount } from '../native/step/mounting.ts';
import { kernel } from '../native/step/kernel.ts';
import type { Program } from '../native/program/program.ts';
import { becomeRuntime, type RuntimeProgram } from '../oci-runtime/runtime-program.ts';

export interface NetworkProgram extends RuntimeProgram {
  /** An empty file, which becomes the namespace. */
  readonly namespace: string;
}

/**
 * A program that makes a network namespace, which stays as long as it is mounted on a file, and becomes the helper that connects
 * it. The helper itself is in the network of the host.
 */
export function networkProgram({ namespace, host, ...helper }: NetworkProgram): Program {
  return guardedProgram({
    ...{ host, controlGroups: [], cloneFlags: 0 },
    become: (program) => {
      program.call('clone', [kernel.signalChild, 0, 0, 0, 0], {
        purpose: 'make a process',
        zero: () => {
          program.call('unshare', [kernel.cloneNewNetwork], { purpose: 'make a namespace of networks' });
          callMount(program, { source: '/proc/thread-self/ns/net', target: namespace, flags: kernel.mountBind });
          program.exit(0);
        },
      });
      // If there is no namespace, that was reported; the helper finds an empty file, and ends.
      program.call('wait4', [-1, 0, 0, 0]);
      program.call('unshare', [kernel.cloneNewMounts], { purpose: 'make a namespace of mounts' });
      becomeRuntime(program, helper);
    },
  });
}
