/** The architectures Kiln has a sandbox for, as Node calls them. */
export type Architecture = 'x64' | 'arm64';

/** Numbers of the system calls that a program can be made of: [x64, arm64]. */
const numbers = {
  capset: [126, 91],
  chdir: [80, 49],
  clone: [56, 220],
  clone3: [435, 435],
  close: [3, 57],
  close_range: [436, 436],
  dup3: [292, 24],
  execve: [59, 221],
  execveat: [322, 281],
  exit_group: [231, 94],
  faccessat: [269, 48],
  fchdir: [81, 50],
  fchmod: [91, 52],
  fchown: [93, 55],
  fchownat: [260, 54],
  fcntl: [72, 25],
  ioctl: [16, 29],
  keyctl: [250, 219],
  mkdirat: [258, 34],
  mknodat: [259, 33],
  mount: [165, 40],
  mount_setattr: [442, 442],
  openat: [257, 56],
  pivot_root: [155, 41],
  ppoll: [271, 73],
  prctl: [157, 167],
  prlimit64: [302, 261],
  read: [0, 63],
  recvmsg: [47, 212],
  rt_sigaction: [13, 134],
  seccomp: [317, 277],
  setgroups: [116, 159],
  sethostname: [170, 161],
  setresgid: [119, 149],
  setresuid: [117, 147],
  setns: [308, 268],
  setsid: [112, 157],
  socket: [41, 198],
  symlinkat: [266, 36],
  umask: [95, 166],
  umount2: [166, 39],
  unshare: [272, 97],
  wait4: [61, 260],
  write: [1, 64],
} as const;

export type SyscallName = keyof typeof numbers;

/** The number by which the kernel knows the system call. */
export function syscallNumber(name: SyscallName, architecture: Architecture): number {
  return numbers[name][architecture === 'x64' ? 0 : 1];
}
