import { defaultCapabilityNames } from '../capabilities.ts';
import type { PlannedMount, ResourceLimit, StepPlan } from '../native/step/step-plan.ts';
import { maskedPaths, readonlyPaths } from '../proc-paths.ts';
import { seccompSpec } from './seccomp-spec.ts';

export interface RuntimeSpecOptions {
  /** Where the content of a file mount is on the host. */
  readonly fileOf: (mount: PlannedMount) => string;
  /** From the root of the hierarchies; empty if the runtime is to decide. */
  readonly controlGroup: string;
}

/**
 * The `config.json` of a bundle for a step: the same surroundings as the native sandbox makes.
 * https://github.com/opencontainers/runtime-spec/blob/main/config.md
 */
export function runtimeSpec(plan: StepPlan, { fileOf, controlGroup }: RuntimeSpecOptions): object {
  const { user, isInsecure, host } = plan;
  const capabilities = isInsecure ? allCapabilityNames.slice(0, host.lastCapability + 1) : defaultCapabilityNames;
  const isRoot = user.uid === 0;
  return {
    ociVersion: '1.0.2',
    process: {
      terminal: false,
      user: { uid: user.uid, gid: user.gid, ...(host.canSetGroups && { additionalGids: user.groups }) },
      ...{ args: plan.args, env: plan.env, cwd: plan.cwd, noNewPrivileges: false },
      capabilities: {
        bounding: capabilities,
        effective: isRoot ? capabilities : [],
        permitted: isRoot ? capabilities : [],
      },
      ...(plan.limits.length > 0 && { rlimits: plan.limits.map(limitSpec) }),
    },
    root: { path: plan.root, readonly: plan.isReadonlyRoot },
    hostname: plan.hostname,
    mounts: [
      ...systemMounts(plan).filter(isNotReplaced(plan)),
      ...plan.mounts.map((mount) => mountSpec(mount, fileOf)),
    ],
    linux: {
      namespaces: [
        ...['pid', 'ipc', 'uts', 'mount'].map((type) => ({ type })),
        ...(host.hasCgroupNamespaces ? [{ type: 'cgroup' }] : []),
        ...(plan.network.kind === 'none' ? [{ type: 'network' }] : []),
        ...(plan.network.kind === 'joined' ? [{ type: 'network', path: plan.network.path }] : []),
      ],
      ...(controlGroup !== '' && { cgroupsPath: controlGroup }),
      ...(!host.isUserNamespace && { resources: { devices: [{ allow: isInsecure, access: 'rwm' }] } }),
      ...(!isInsecure && { seccomp: seccompSpec(host.architecture), maskedPaths, readonlyPaths }),
    },
  };
}

function limitSpec({ name, soft, hard }: ResourceLimit): object {
  // An unsigned number of 64 bits has no exact form in JavaScript; this one is as good as none.
  const value = (limit: number): number => (limit < 0 ? 2 ** 63 : limit);
  return { type: `RLIMIT_${name.toUpperCase()}`, soft: value(soft), hard: value(hard) };
}

/** The step may have a /dev/shm of its own. */
function isNotReplaced({ mounts }: StepPlan) {
  return ({ destination }: SystemMount): boolean =>
    destination !== '/dev/shm' || mounts.every(({ target }) => target !== destination);
}

interface SystemMount {
  readonly destination: string;
  readonly type: string;
  readonly source: string;
  readonly options: readonly string[];
}

function systemMounts({ isInsecure, shmSize, host, network }: StepPlan): readonly SystemMount[] {
  const quiet = ['nosuid', 'noexec', 'nodev'];
  const access = isInsecure ? [] : ['ro'];
  const terminals = ['nosuid', 'noexec', 'newinstance', 'ptmxmode=0666', 'mode=0620'];
  return [
    { destination: '/proc', type: 'proc', source: 'proc', options: quiet },
    {
      ...{ destination: '/dev', type: 'tmpfs', source: 'tmpfs' },
      options: ['nosuid', 'strictatime', 'mode=755', 'size=65536k'],
    },
    {
      ...{ destination: '/dev/pts', type: 'devpts', source: 'devpts' },
      options: [...terminals, ...(host.hasGroup(5) ? ['gid=5'] : [])],
    },
    {
      ...{ destination: '/dev/shm', type: 'tmpfs', source: 'shm' },
      options: [...quiet, 'mode=1777', `size=${shmSize}`],
    },
    { destination: '/dev/mqueue', type: 'mqueue', source: 'mqueue', options: quiet },
    host.isUserNamespace && network.kind === 'host'
      ? { destination: '/sys', type: 'bind', source: '/sys', options: ['rbind', ...quiet, ...access] }
      : { destination: '/sys', type: 'sysfs', source: 'sysfs', options: [...quiet, ...access] },
    ...(host.isUserNamespace || !host.hasUnifiedCgroups
      ? []
      : [{ destination: '/sys/fs/cgroup', type: 'cgroup', source: 'cgroup', options: [...quiet, ...access] }]),
  ];
}

function mountSpec(mount: PlannedMount, fileOf: (mount: PlannedMount) => string): object {
  const destination = mount.target;
  switch (mount.kind) {
    case 'bind':
      return {
        ...{ destination, type: 'bind', source: mount.source },
        options: ['rbind', mount.isReadonly ? 'ro' : 'rw'],
      };
    case 'tmpfs':
      return {
        ...{ destination, type: 'tmpfs', source: 'tmpfs' },
        options: ['nosuid', 'nodev', 'mode=1777', ...(mount.size === undefined ? [] : [`size=${mount.size}`])],
      };
    case 'file':
      return { destination, type: 'bind', source: fileOf(mount), options: ['bind', 'ro', 'nosuid', 'nodev'] };
  }
}

/** By number. */
const allCapabilityNames = [
  ...['CHOWN', 'DAC_OVERRIDE', 'DAC_READ_SEARCH', 'FOWNER', 'FSETID', 'KILL', 'SETGID', 'SETUID', 'SETPCAP'],
  ...['LINUX_IMMUTABLE', 'NET_BIND_SERVICE', 'NET_BROADCAST', 'NET_ADMIN', 'NET_RAW', 'IPC_LOCK', 'IPC_OWNER'],
  ...['SYS_MODULE', 'SYS_RAWIO', 'SYS_CHROOT', 'SYS_PTRACE', 'SYS_PACCT', 'SYS_ADMIN', 'SYS_BOOT', 'SYS_NICE'],
  ...['SYS_RESOURCE', 'SYS_TIME', 'SYS_TTY_CONFIG', 'MKNOD', 'LEASE', 'AUDIT_WRITE', 'AUDIT_CONTROL', 'SETFCAP'],
  ...['MAC_OVERRIDE', 'MAC_ADMIN', 'SYSLOG', 'WAKE_ALARM', 'BLOCK_SUSPEND', 'AUDIT_READ', 'PERFMON', 'BPF'],
  'CHECKPOINT_RESTORE',
].map((name) => `CAP_${name}`);
