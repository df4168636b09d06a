/** What Docker gives to a process of root, by number: https://man7.org/linux/man-pages/man7/capabilities.7.html */
const defaults = {
  CAP_CHOWN: 0,
  CAP_DAC_OVERRIDE: 1,
  CAP_FOWNER: 3,
  CAP_FSETID: 4,
  CAP_KILL: 5,
  CAP_SETGID: 6,
  CAP_SETUID: 7,
  CAP_SETPCAP: 8,
  CAP_NET_BIND_SERVICE: 10,
  CAP_NET_RAW: 13,
  CAP_SYS_CHROOT: 18,
  CAP_MKNOD: 27,
  CAP_AUDIT_WRITE: 29,
  CAP_SETFCAP: 31,
} as const;

/** Their names. */
export const defaultCapabilityNames: readonly string[] = Object.keys(defaults);

/** The same as bits: 0xa80425fb. */
export const defaultCapabilities: bigint = Object.values(defaults).reduce((set, bit) => set | (1n << BigInt(bit)), 0n);
