import { shows, type Probe } from './probe.ts';

const defaultCapabilities = '00000000a80425fb';
const none = '0000000000000000';
const ownMounts = '^/($|proc($|/)|sys($|/)|dev($|/)|probes$|etc/(hosts|hostname|resolv.conf)$)';

/** What a step sees. */
export const scriptProbes: readonly Probe[] = [
  shows(
    'capabilities',
    'grep -E "^(Cap|NoNewPrivs|Seccomp:)" /proc/self/status | tr -d "\\t"',
    `CapInh:${none} CapPrm:${defaultCapabilities} CapEff:${defaultCapabilities} CapBnd:${defaultCapabilities} ` +
      `CapAmb:${none} NoNewPrivs:0 Seccomp:2`,
  ),
  shows('open descriptors', 'ls /proc/self/fd', '0 1 2 3'),
  shows('standard input', 'head -c 1 | wc -c', '0'),
  shows('environment of process 1', "tr '\\0' '\\n' </proc/1/environ | cut -d= -f1 | sort", 'HOME PATH'),
  shows(
    'devices',
    // A link that is there if what it leads to is.
    'ls /dev | grep -v "^core$"',
    'fd full mqueue null ptmx pts random shm stderr stdin stdout tty urandom zero',
  ),
  shows('own control group', 'cut -d: -f3 /proc/self/cgroup | sort -u', '/'),
  shows('mounts that are not its own', `cut -d' ' -f5 /proc/self/mountinfo | grep -vE '${ownMounts}'`, ''),
  shows('mounts that lead to the host', "grep -E ' (shared|master):' /proc/self/mountinfo | wc -l", '0'),
  shows('root', 'ls /', 'bin dev etc home probes proc sys tmp'),
  shows('process 1', 'cat /proc/1/comm', 'sh'),
  shows('processes of others', 'for p in /proc/[0-9]*; do readlink $p/root; done | grep -vx / | wc -l', '0'),
  shows('host name', 'uname -n', 'buildkitsandbox'),
  shows('memory that is shared', 'sed 1d /proc/sysvipc/shm | wc -l', '0'),
  shows('network devices', 'ls /sys/class/net', 'lo'),
  shows('what is listened to', 'sed 1d /proc/net/tcp | wc -l; sed 1d /proc/net/unix | wc -l', '0 0'),
  shows('memory of the kernel', 'head -c 1 /proc/kcore | wc -c', '0'),
  shows('keys', 'wc -c </proc/keys', '0'),
  shows('timers', 'cat /proc/timer_list 2>&1 | wc -c', '0'),
  shows('firmware', 'ls /sys/firmware | wc -l', '0'),
  shows('addresses of the kernel', 'cut -d" " -f1 /proc/kallsyms | sort -u', none),
  shows('umask', 'umask', '0022'),
];
