import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { arch, release } from 'node:os';
import { lazy } from '../../spec/lazy.ts';
import { KilnError } from '../../diagnostic/kiln-error.ts';
import { idMap } from '../../system/id-map.ts';
import type { Architecture } from './program/syscall-numbers.ts';

/** What the kernel, and whoever started Kiln, give. */
export interface Host {
  readonly architecture: Architecture;
  /** The highest number of a capability. */
  readonly lastCapability: number;
  /** Capabilities that this process may have, as bits. */
  readonly boundingSet: bigint;
  /** Whether Kiln runs in a user namespace: root there may do less. */
  readonly isUserNamespace: boolean;
  /** Whether a user or group of a number exists, which a user namespace need not have. */
  readonly hasUser: (uid: number) => boolean;
  readonly hasGroup: (gid: number) => boolean;
  /** The first id that is neither a user nor a group, or only one of them; 1 where there is only root. */
  readonly firstMissingId: number;
  /** Whether a process may set its groups. */
  readonly canSetGroups: boolean;
  /** Which hierarchy of control groups is mounted at /sys/fs/cgroup. */
  readonly hasUnifiedCgroups: boolean;
  /** Whether the kernel has namespaces of control groups. */
  readonly hasCgroupNamespaces: boolean;
  /**
   * Descriptors that whoever started Kiln left open, and programs would inherit; undefined where close_range(2) is there to
   * close them all.
   */
  readonly inherited: readonly number[] | undefined;
}

/** The same for as long as the process lives. Throws KilnError `sandbox/architecture` where there is no sandbox. */
export const host: () => Host = lazy(() => {
  const status = readFileSync('/proc/self/status', 'latin1');
  const { isNamespace, hasUser, hasGroup, firstMissing } = idMap();
  return {
    architecture: architecture(),
    lastCapability: Number(readFileSync('/proc/sys/kernel/cap_last_cap', 'latin1')),
    boundingSet: BigInt(`0x${/^CapBnd:\s*([0-9a-f]+)/m.exec(status)?.[1] ?? '0'}`),
    isUserNamespace: isNamespace,
    ...{ hasUser, hasGroup, firstMissingId: firstMissing },
    canSetGroups: readFileSync('/proc/self/setgroups', 'latin1').trim() === 'allow',
    hasUnifiedCgroups: existsSync('/sys/fs/cgroup/cgroup.controllers'),
    hasCgroupNamespaces: existsSync('/proc/self/ns/cgroup'),
    inherited: hasCloseRange(release()) ? undefined : readdirSync('/proc/self/fd').map(Number).filter(isInherited),
  };
});

function architecture(): Architecture {
  const name = arch();
  if (name === 'x64' || name === 'arm64') return name;
  throw new KilnError('sandbox/architecture', `there is no sandbox for ${name}`, {
    hint: 'choose an OCI runtime with --runtime',
  });
}

/** From its first version on, 5.9. */
function hasCloseRange(kernelRelease: string): boolean {
  const [major = 0, minor = 0] = kernelRelease.split('.').map(Number);
  return major > 5 || (major === 5 && minor >= 9);
}

/** Node itself opens nothing that its children see. */
function isInherited(fd: number): boolean {
  if (fd <= 4) return false;
  try {
    const flags = /^flags:\s*([0-7]+)/m.exec(readFileSync(`/proc/self/fdinfo/${fd}`, 'latin1'))?.[1] ?? '0';
    return (parseInt(flags, 8) & 0o2000000) === 0;
  } catch {
    // It was that of the directory.
    return false;
  }
}
