import { KilnError } from '../diagnostic/kiln-error.ts';
import type { Ulimit } from './sandbox-process.ts';

/** Numbers of the limits that a process can have: https://man7.org/linux/man-pages/man2/getrlimit.2.html */
const numbers: Readonly<Record<string, number>> = {
  ...{ cpu: 0, fsize: 1, data: 2, stack: 3, core: 4, rss: 5, nproc: 6, nofile: 7, memlock: 8, as: 9, locks: 10 },
  ...{ sigpending: 11, msgqueue: 12, nice: 13, rtprio: 14, rttime: 15 },
};

/** Number of a limit for prlimit(2). Throws KilnError `sandbox/ulimit` for one that does not exist. */
export function resourceLimitNumber({ name }: Ulimit): number {
  const number = numbers[name];
  if (number === undefined) {
    throw new KilnError('sandbox/ulimit', `there is no limit ${name}`, {
      hint: `there are ${Object.keys(numbers).join(', ')}`,
    });
  }
  return number;
}
