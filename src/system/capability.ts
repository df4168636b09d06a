import { readFileSync } from 'node:fs';

/** Numbers of capabilities: https://man7.org/linux/man-pages/man7/capabilities.7.html */
export const capabilityNumbers = { chown: 0, setGroups: 6, setUsers: 7, mounts: 21 } as const;

/** Whether this process may do what a capability allows, in its user namespace. */
export function hasCapability(number: number): boolean {
  const [, set = '0'] = /^CapEff:\s*([0-9a-f]+)/m.exec(readFileSync('/proc/self/status', 'latin1')) ?? [];
  return ((BigInt(`0x${set}`) >> BigInt(number)) & 1n) === 1n;
}
