import type { Rig } from './rig.ts';

/** Something that nobody means well. Its run throws if Kiln does not stand it. */
export interface HostileCase {
  readonly name: string;
  /** Takes long, or much of the disk: not a part of `npm test`. */
  readonly isLong?: boolean;
  readonly run: (rig: Rig) => Promise<void>;
}

/** Throws an error unless something is as it must be. */
export function must(isTrue: boolean, message: () => string): asserts isTrue {
  if (!isTrue) throw new Error(message());
}
