import type { Random } from './random.ts';

/** Something that is fed with what is broken. */
export interface FuzzTarget {
  /** One input. */
  readonly make: (random: Random) => Uint8Array;
  /** Takes an input. Throws a KilnError, or a ValueError where that is what a room throws; anything else is a fall. */
  readonly run: (input: Uint8Array) => Promise<void> | void;
  /** Called after every thousand inputs: throws if something changed that must not. */
  readonly check?: () => void;
}

/** By name; each works in a folder of its own. */
export type TargetLoader = (folder: string) => Promise<FuzzTarget>;
