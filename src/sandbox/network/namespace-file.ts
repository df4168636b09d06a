import { guardedProgram } from '../native/step/guarded-program.ts';
import { callMount } from '../native/step/mounting.ts';
import { kernel } from '../native/step/kernel.ts';
import type { Host } from '../native/host.ts';
import type { Program } from '../native/program/program.ts';

/** A program that makes a network namespace, which stays as long as it is mounted on a file. */
export function namespaceFileProgram(host: Host, file: string): Program {
  return guardedProgram({
    ...{ host, controlGroups: [], cloneFlags: 0 },
    become: (program) => {
      program.call('unshare', [kernel.cloneNewNetwork], { purpose: 'make a namespace of networks' });
      callMount(program, { source: '/proc/self/ns/net', target: file, flags: kernel.mountBind });
      program.exit(0);
    },
  });
}
