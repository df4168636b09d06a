import { hasCall, type ProbeCallName } from './probe-calls.ts';
import type { Architecture } from '../../src/sandbox/native/program/syscall-numbers.ts';
import type { ProbeProgram } from './probe-program.ts';
import { allowed, refused, type Probe } from './probe.ts';

const withoutAddressRandomization = 0x40000;
const linux32 = 8;
const wrongMagic = 0x7ffffff;
const x32 = 0x4000_0000;
const mountNumber = 165;
const adjustTick = 0x4000;

/** Calls with harmless arguments: they would fail later, or change nothing, in a step that was let in. */
const calls: Readonly<Record<string, (p: ProbeProgram) => readonly number[]>> = {
  bpf: (p) => [0, p.words(0x1_0000_0004, 0x4_0000_0004, 0), 24],
  perf_event_open: (p) => [p.data(attributes()), 0, -1, -1, 0],
  userfaultfd: () => [0],
  io_uring_setup: (p) => [1, p.data(new Uint8Array(120))],
  add_key: (p) => [p.text('user'), p.text('kiln'), p.text('x'), 1, -2],
  request_key: (p) => [p.text('user'), p.text('kiln'), 0, 0],
  reboot: () => [wrongMagic, 0, 0, 0],
  kexec_load: () => [0, 0, 0, 0],
  kexec_file_load: () => [-1, -1, 0, 0, 0],
  init_module: (p) => [0, 0, p.text('')],
  finit_module: (p) => [-1, p.text(''), 0],
  delete_module: (p) => [p.text('no_such_module'), 0],
  iopl: () => [3],
  ioperm: () => [0x80, 1, 1],
  swapon: (p) => [p.text('/no/such'), 0],
  swapoff: (p) => [p.text('/no/such')],
  settimeofday: (p) => [p.words(-1, 0), 0],
  clock_settime: (p) => [0, p.words(-1, 0)],
  adjtimex: (p) => [
    p.data(new Uint8Array(Uint32Array.from({ length: 52 }, (_, at) => (at === 0 ? adjustTick : 0)).buffer)),
  ],
  acct: () => [0],
  quotactl: (p) => [0x80000100, p.text('/dev/vda'), 0, 0],
  quotactl_fd: () => [0, 0x80000100, 0, 0],
  syslog: () => [10, 0, 0],
  fanotify_init: () => [0x4, 0],
  lookup_dcookie: () => [0, 0, 0],
  setdomainname: (p) => [p.text('other'), 5],
  sethostname: (p) => [p.text('other'), 5],
  kcmp: () => [1, 1, 0, 0, 0],
  mbind: () => [0, 0, 0, 0, 0, 0],
  set_mempolicy: () => [0, 0, 0],
  get_mempolicy: () => [0, 0, 0, 0, 0],
  move_pages: () => [0, 0, 0, 0, 0, 0],
  migrate_pages: () => [0, 0, 0, 0],
} satisfies Partial<Record<ProbeCallName | 'sethostname', (p: ProbeProgram) => readonly number[]>>;

/** `struct perf_event_attr` of a software event, as small as it may be. */
function attributes(): Uint8Array {
  const bytes = new Uint8Array(64);
  new Uint32Array(bytes.buffer).set([1, 64]);
  return bytes;
}

/** The kernel itself: what programs of a container must not ask it for. */
export function kernelProbes(architecture: Architecture): readonly Probe[] {
  const named = Object.entries(calls) as [ProbeCallName, (p: ProbeProgram) => readonly number[]][];
  return [
    ...named
      .filter(([name]) => !name.startsWith('io') || name === 'io_uring_setup' || hasCall(name, architecture))
      .map(([name, args]) =>
        refused(name, (p) => {
          p.call(name, args(p));
        }),
      ),
    refused('keyctl', (p) => {
      p.call('keyctl', [0, -3, 1]);
    }),
    refused('personality without address randomization', (p) => {
      p.call('personality', [withoutAddressRandomization]);
    }),
    allowed('personality of a 32-bit machine', (p) => {
      p.call('personality', [linux32]);
    }),
    ...(architecture === 'x64'
      ? [
          refused(
            'mount by the numbers of x32',
            (p) => {
              p.callNumber(x32 | mountNumber, [p.text('none'), p.text('/tmp'), p.text('tmpfs'), 0, 0]);
            },
            ['EPERM', 'ENOSYS'],
          ),
        ]
      : []),
    refused(
      'a call that is newer than all that are known',
      (p) => {
        p.callNumber(1000, []);
      },
      ['ENOSYS'],
    ),
    allowed('memfd_create', (p) => {
      p.call('memfd_create', [p.text('x'), 0]);
    }),
  ];
}
