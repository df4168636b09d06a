import { deviceNumber } from '../../src/system/node.ts';
import { kernel } from '../../src/sandbox/native/step/kernel.ts';
import type { ProbeProgram } from './probe-program.ts';
import { allowed, refused, type HostFacts, type Probe } from './probe.ts';

const { currentFolder, characterDevice } = kernel;
const blockDevice = 0o060000;
const fifo = 0o010000;
const family = { unix: 1, internet: 2, packet: 17, algorithms: 38, virtualMachines: 40 } as const;
const raw = 3;
const stream = 1;
const icmp = 1;

/** Makes a device and opens it: either may be refused. */
function openDevice(p: ProbeProgram, path: string, device: { readonly kind: number; readonly number: number }): void {
  p.call('mknodat', [currentFolder, p.text(path), device.kind | 0o600, device.number]);
  p.open(path, doNotWait);
}

/** Opening them to write is enough to know: nothing is written, in case that it can be. */
const files = [
  ...[
    '/proc/sys/kernel/core_pattern',
    '/proc/sys/kernel/modprobe',
    '/proc/sys/kernel/hostname',
    '/proc/sys/kernel/panic',
  ],
  ...['/proc/sys/net/ipv4/ip_forward', '/proc/sys/vm/overcommit_memory', '/proc/sys/fs/binfmt_misc/register'],
  ...['/proc/sysrq-trigger', '/proc/irq/default_smp_affinity', '/sys/kernel/mm/ksm/run', '/sys/kernel/uevent_helper'],
  ...[
    '/sys/power/state',
    '/sys/class/net/lo/mtu',
    '/sys/fs/cgroup/cgroup.procs',
    '/sys/fs/cgroup/memory/release_agent',
  ],
] as const;
const openToWrite = 1;
const doNotWait = 0x800;

/** Devices, files of the kernel, sockets. */
export function deviceProbes(host: HostFacts): readonly Probe[] {
  const devices = {
    'the memory of the machine': { kind: characterDevice, number: deviceNumber(1, 1) },
    'the log of the kernel': { kind: characterDevice, number: deviceNumber(1, 11) },
    'a disk': { kind: blockDevice, number: deviceNumber(254, 0) },
    'a loop device': { kind: blockDevice, number: deviceNumber(7, 0) },
    fuse: { kind: characterDevice, number: deviceNumber(10, 229) },
    'the first console': { kind: characterDevice, number: deviceNumber(4, 1) },
  };
  return [
    ...Object.entries(devices).flatMap(([name, device], index) =>
      ['/tmp', '/dev', '/dev/shm'].map((folder) =>
        refused(
          `make and open ${name} in ${folder}`,
          (p) => {
            openDevice(p, `${folder}/device-${index}`, device);
          },
          ['EPERM', 'EACCES'],
        ),
      ),
    ),
    allowed('make a fifo', (p) => {
      p.call('mknodat', [currentFolder, p.text('/tmp/fifo'), fifo | 0o600, 0]);
    }),
    refused(
      'open the terminal',
      (p) => {
        p.open('/dev/tty', 2);
      },
      ['ENXIO'],
    ),
    refused(
      'type into the terminal (TIOCSTI)',
      (p) => {
        p.call('ioctl', [0, 0x5412, p.text('x')]);
      },
      ['ENOTTY'],
    ),
    ...['/dev/mem', '/dev/kmsg', '/dev/vda', '/dev/fuse', '/dev/net/tun', '/dev/console'].map((path) =>
      refused(
        `open ${path}`,
        (p) => {
          p.open(path);
        },
        ['ENOENT'],
      ),
    ),
    refused(
      'read the log of the kernel',
      (p) => {
        p.open('/proc/kmsg');
      },
      ['EPERM', 'EACCES'],
    ),
    ...files.map((path) =>
      refused(
        `write to ${path}`,
        (p) => {
          p.open(path, openToWrite);
        },
        // What is not there on this machine cannot be written to either.
        ['EROFS', 'EACCES', 'EPERM', 'ENOENT'],
      ),
    ),
    refused(
      'be spared when memory runs out',
      (p) => {
        p.open('/proc/self/oom_score_adj', openToWrite);
        p.call('write', [3, p.text('-1000'), 5]);
      },
      ['EACCES'],
    ),
    refused(
      'make a control group',
      (p) => {
        p.call('mkdirat', [currentFolder, p.text('/sys/fs/cgroup/mine'), 0o755]);
      },
      ['EROFS', 'EPERM', 'EACCES', 'ENOENT'],
    ),
    allowed('a raw socket', (p) => {
      p.call('socket', [family.internet, raw, icmp]);
    }),
    allowed('a packet socket', (p) => {
      p.call('socket', [family.packet, raw, 0]);
    }),
    refused('a socket to the hypervisor', (p) => {
      p.call('socket', [family.virtualMachines, stream, 0]);
    }),
    refused('a socket of algorithms', (p) => {
      p.call('socket', [family.algorithms, 5, 0]);
    }),
    refused('switch a network device', (p) => {
      const request = new Uint8Array(40);
      request.set(Buffer.from('lo'));
      // On, which it is.
      request[16] = 1;
      p.call('socket', [family.internet, 2, 0]);
      p.call('ioctl', [3, kernel.setInterfaceFlags, p.data(request)]);
    }),
    refused(
      'connect to the loopback address of the host',
      (p) => {
        const address = Uint8Array.of(
          family.internet,
          0,
          host.port >> 8,
          host.port & 0xff,
          127,
          0,
          0,
          1,
          ...new Uint8Array(8),
        );
        p.call('socket', [family.internet, stream, 0]);
        p.call('connect', [3, p.data(address), address.length]);
      },
      ['ECONNREFUSED'],
    ),
    refused(
      'connect to an abstract socket of the host',
      (p) => {
        const address = Buffer.from(`\x01\0\0${host.abstractSocket}`);
        p.call('socket', [family.unix, stream, 0]);
        p.call('connect', [3, p.data(address), address.length]);
      },
      ['ECONNREFUSED'],
    ),
  ];
}
