import { kernel } from '../../src/sandbox/native/step/kernel.ts';
import type { ProbeProgram } from './probe-program.ts';
import { allowed, refused, type HostFacts, type Probe } from './probe.ts';

const cloneNewUser = 0x10000000;
const cloneNewTime = 0x80;
const seize = 0x4206;
const systemAdministration = 21;
const limitOfFiles = 7;
const largestDescriptor = 255;
const firstInFirstOut = 1;
const capabilityVersion = 0x20080522;

const namespaces: Readonly<Record<string, number>> = {
  mounts: kernel.cloneNewMounts,
  users: cloneNewUser,
  'process ids': kernel.cloneNewProcessIds,
  networks: kernel.cloneNewNetwork,
  'host names': kernel.cloneNewHostname,
  ipc: kernel.cloneNewIpc,
  'control groups': kernel.cloneNewControlGroup,
};

function capabilities(p: ProbeProgram, low: number): void {
  const header = p.data(new Uint8Array(Uint32Array.of(capabilityVersion, 0).buffer));
  p.call('capset', [header, p.data(new Uint8Array(Uint32Array.of(low, low, 0, 0, 0, 0).buffer))]);
}

/** Namespaces, other processes, and what a process is allowed. */
export function processProbes(host: HostFacts): readonly Probe[] {
  return [
    ...Object.entries(namespaces).map(([name, flag]) =>
      refused(`unshare a namespace of ${name}`, (p) => {
        p.call('unshare', [flag]);
      }),
    ),
    refused('unshare a namespace of clocks', (p) => {
      p.call('unshare', [cloneNewTime]);
    }),
    ...Object.entries(namespaces).map(([name, flag]) =>
      refused(`clone into a namespace of ${name}`, (p) => {
        p.call('clone', [flag | kernel.signalChild, 0, 0, 0, 0], {
          zero: () => {
            p.exit();
          },
        });
      }),
    ),
    refused(
      'clone3',
      (p) => {
        p.call('clone3', [p.words(cloneNewUser, 0, 0, 0, kernel.signalChild, 0, 0, 0, 0, 0, 0), 88], {
          zero: () => {
            p.exit();
          },
        });
      },
      ['ENOSYS'],
    ),
    ...['mnt', 'net', 'pid', 'user', 'uts', 'ipc', 'cgroup'].map((name) =>
      refused(`setns to /proc/1/ns/${name}`, (p) => {
        p.open(`/proc/1/ns/${name}`);
        p.call('setns', [3, 0]);
      }),
    ),
    refused('setns to a process', (p) => {
      p.call('pidfd_open', [1, 0]);
      p.call('setns', [3, kernel.cloneNewMounts]);
    }),
    refused('take a descriptor of a process', (p) => {
      p.call('pidfd_open', [1, 0]);
      p.call('pidfd_getfd', [3, 0, 0]);
    }),
    ...(['ptrace', 'process_vm_readv', 'kill', 'pidfd_open'] as const).map((name) =>
      refused(
        `${name} a process of the host`,
        (p) => {
          const parts = p.words(p.words(0), 8);
          const args = {
            ptrace: [seize, host.processId, 0, 0],
            process_vm_readv: [host.processId, parts, 1, parts, 1, 0],
            kill: [host.processId, 0],
            pidfd_open: [host.processId, 0],
          }[name];
          p.call(name, args);
        },
        ['ESRCH'],
      ),
    ),
    allowed('trace a process of the step', (p) => {
      p.call('ptrace', [seize, 1, 0, 0]);
    }),
    refused('add a capability', (p) => {
      capabilities(p, (1 << systemAdministration) >>> 0);
    }),
    refused('an ambient capability', (p) => {
      p.call('prctl', [kernel.ambient, 2, systemAdministration, 0, 0]);
    }),
    refused('raise a limit', (p) => {
      p.call('prlimit64', [0, limitOfFiles, p.words(0x4000_0000, 0x4000_0000), 0]);
    }),
    refused(
      'a better priority',
      (p) => {
        p.call('setpriority', [0, 0, -20]);
      },
      ['EACCES', 'EPERM'],
    ),
    refused('real time', (p) => {
      p.call('sched_setscheduler', [0, firstInFirstOut, p.words(1)]);
    }),
    refused(
      'a descriptor that was left open',
      (p) => {
        for (let fd = 3; fd <= largestDescriptor; fd++) {
          const found = (): void => {
            p.allow();
          };
          p.call('fcntl', [fd, 1, 0], { error: 'ignore', zero: found, positive: found });
        }
        p.call('fcntl', [3, 1, 0]);
      },
      ['EBADF'],
    ),
  ];
}
