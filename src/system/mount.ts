import { cFunction } from './c-library.ts';
import { cFunctionAside } from './call-aside.ts';
import { checked } from './system-error.ts';

const mountCall = cFunction('int mount(const char *, const char *, const char *, unsigned long, const char *)');
const umountPrototype = 'int umount2(const char *, int)';
const umountCall = cFunction(umountPrototype);
const umountCallAside = cFunctionAside(umountPrototype);
const unshareCall = cFunction('int unshare(int)');

const cloneNewMounts = 0x20000;

/** Flags of mount(2) and umount2(2). */
export const mountFlags = {
  MS_RDONLY: 0x1,
  MS_NOSUID: 0x2,
  MS_NODEV: 0x4,
  MS_NOEXEC: 0x8,
  MS_REMOUNT: 0x20,
  MS_NOSYMFOLLOW: 0x100,
  MS_NOATIME: 0x400,
  MS_BIND: 0x1000,
  MS_MOVE: 0x2000,
  MS_REC: 0x4000,
  MS_PRIVATE: 0x40000,
  MS_SLAVE: 0x80000,
  MS_SHARED: 0x100000,
  MS_RELATIME: 0x200000,
  MS_STRICTATIME: 0x1000000,
  MNT_FORCE: 0x1,
  MNT_DETACH: 0x2,
  UMOUNT_NOFOLLOW: 0x8,
} as const;

/** What is mounted where. */
export interface MountRequest {
  /** A path, a device, or a name that is only shown. */
  readonly source: string;
  readonly target: string;
  /** `overlay`, `tmpfs`, ...; absent for bind mounts and changes of propagation. */
  readonly type?: string;
  /** Of {@link mountFlags}, or-ed. */
  readonly flags?: number;
  /** Options of the file system, comma-separated; less than a page (4096 bytes) in all. */
  readonly data?: string;
}

/** mount(2). */
export function mount({ source, target, type, flags = 0, data }: MountRequest): void {
  checked(mountCall(source, target, type ?? null, flags, data ?? null), 'mount', target);
}

/** umount2(2). */
export function unmount(target: string, flags = 0): void {
  checked(umountCall(target, flags), 'umount', target);
}

/** Detaches what is mounted somewhere, if anything is, on another thread: it takes a millisecond. */
export async function unmountAside(target: string): Promise<void> {
  await umountCallAside(target, mountFlags.MNT_DETACH);
}

/**
 * Gives the calling thread, and every thread and process it starts from then on, mounts of its own: what is mounted here is
 * not seen by the host and is gone when the last of them ends, SIGKILL included; what the host mounts is still seen here.
 * To be called before Node's thread pool is used, or asynchronous calls of `node:fs` stay outside.
 */
export function enterPrivateMounts(): void {
  checked(unshareCall(cloneNewMounts), 'unshare');
  mount({ source: 'none', target: '/', flags: mountFlags.MS_REC | mountFlags.MS_SLAVE });
}
