import type { Architecture } from '../../src/sandbox/native/program/syscall-numbers.ts';

/** System calls that only probes make: [x64, arm64], -1 where there is none. */
const numbers = {
  acct: [163, 89],
  add_key: [248, 217],
  adjtimex: [159, 171],
  bpf: [321, 280],
  chroot: [161, 51],
  clock_settime: [227, 112],
  connect: [42, 203],
  delete_module: [176, 106],
  fanotify_init: [300, 262],
  finit_module: [313, 273],
  fsconfig: [431, 431],
  fsmount: [432, 432],
  fsopen: [430, 430],
  fspick: [433, 433],
  get_mempolicy: [239, 236],
  init_module: [175, 105],
  io_uring_setup: [425, 425],
  ioperm: [173, -1],
  iopl: [172, -1],
  kcmp: [312, 272],
  kexec_file_load: [320, 294],
  kexec_load: [246, 104],
  kill: [62, 129],
  landlock_create_ruleset: [444, 444],
  lookup_dcookie: [212, 18],
  mbind: [237, 235],
  memfd_create: [319, 279],
  migrate_pages: [256, 238],
  move_mount: [429, 429],
  move_pages: [279, 239],
  name_to_handle_at: [303, 264],
  open_by_handle_at: [304, 265],
  open_tree: [428, 428],
  perf_event_open: [298, 241],
  personality: [135, 92],
  pidfd_getfd: [438, 438],
  pidfd_open: [434, 434],
  process_madvise: [440, 440],
  process_vm_readv: [310, 270],
  ptrace: [101, 117],
  quotactl: [179, 60],
  quotactl_fd: [443, 443],
  readv: [19, 65],
  reboot: [169, 142],
  request_key: [249, 218],
  sched_setscheduler: [144, 119],
  set_mempolicy: [238, 237],
  setdomainname: [171, 162],
  setpriority: [141, 140],
  settimeofday: [164, 170],
  shmget: [29, 194],
  swapoff: [168, 225],
  swapon: [167, 224],
  syslog: [103, 116],
  userfaultfd: [323, 282],
  vhangup: [153, 58],
} as const;

export type ProbeCallName = keyof typeof numbers;

export function hasNumber(name: string): name is ProbeCallName {
  return Object.hasOwn(numbers, name);
}

/** Whether an architecture has the call. */
export function hasCall(name: ProbeCallName, architecture: Architecture): boolean {
  return probeCallNumber(name, architecture) >= 0;
}

export function probeCallNumber(name: ProbeCallName, architecture: Architecture): number {
  return numbers[name][architecture === 'x64' ? 0 : 1];
}
