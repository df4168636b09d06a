import { readFileSync } from 'node:fs';

/** What a refusal is judged by. */
export interface Circumstances {
  /** The name of the error: `EPERM`. */
  readonly code: string;
  /** What a file of the system says, without white space around it; undefined if there is none. */
  readonly read: (path: string) => string | undefined;
}

interface Switch {
  readonly name: string;
  readonly off: string;
  readonly on: string;
}

/** What distributions and administrators turn user namespaces off with. */
const switches: readonly Switch[] = [
  // Debian, and what comes from it.
  { name: 'kernel.unprivileged_userns_clone', off: '0', on: '1' },
  // https://docs.kernel.org/admin-guide/sysctl/user.html
  { name: 'user.max_user_namespaces', off: '0', on: '10000' },
  // Since Ubuntu 23.10: https://documentation.ubuntu.com/security/security-features/privilege-restriction/apparmor/
  { name: 'kernel.apparmor_restrict_unprivileged_userns', off: '1', on: '0' },
];

/** Why the kernel makes no user namespace for its users, and what helps. */
export interface NamespaceAdvice {
  /** `setting`: of the machine; `container`: of a container; `unknown`. */
  readonly kind: 'setting' | 'container' | 'unknown';
  readonly reason: string;
  readonly hint: string;
}

/** Finds out which of the things that forbid user namespaces it is. */
export function namespaceAdvice({ code, read }: Circumstances): NamespaceAdvice {
  const found = switches.find(({ name, off }) => read(`/proc/sys/${name.replaceAll('.', '/')}`) === off);
  if (found) {
    const { name, off, on } = found;
    const restricted = name.includes('apparmor') ? ', or give Node a profile of AppArmor that allows "userns"' : '';
    return {
      kind: 'setting',
      reason: `${name} is ${off}`,
      hint: `as root, allow it: sysctl -w ${name}=${on} (to keep it, write it to /etc/sysctl.d)${restricted}; or run Kiln as root`,
    };
  }
  if (code === 'ENOSYS' || code === 'EINVAL') {
    return { kind: 'setting', reason: 'the kernel has none (CONFIG_USER_NS)', hint: 'run Kiln as root' };
  }
  if (code === 'ENOSPC' || code === 'EUSERS') {
    return {
      kind: 'setting',
      reason: 'there are too many already, or they are too deep in each other',
      hint: 'as root, allow more: sysctl -w user.max_user_namespaces=10000; or run Kiln as root',
    };
  }
  if (isFiltered(read('/proc/self/status') ?? '')) {
    return {
      kind: 'container',
      reason: 'a filter of system calls forbids it, as in a container',
      hint: 'start the container with --security-opt seccomp=unconfined, or with --privileged',
    };
  }
  return {
    kind: 'unknown',
    reason: 'the kernel does not say why: a security module or a chroot may forbid it',
    hint: 'run it as root, or allow user namespaces',
  };
}

function isFiltered(status: string): boolean {
  return /^Seccomp:\s*2$/m.test(status);
}

/** A file of this machine. */
export function readSystemFile(path: string): string | undefined {
  try {
    return readFileSync(path, 'latin1').trim();
  } catch {
    return undefined;
  }
}
