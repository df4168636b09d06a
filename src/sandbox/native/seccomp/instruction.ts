import { assert } from '../../../diagnostic/assert.ts';

/** An instruction of the classic Berkeley Packet Filter. */
export interface Instruction {
  readonly code: number;
  /** How many instructions to skip if a condition holds, and if not. */
  readonly then: number;
  readonly otherwise: number;
  readonly value: number;
}

/** The operations that filters of system calls need. */
export const operations = {
  /** Loads 32 bits at an offset. */
  load: 0x20,
  jump: 0x05,
  jumpIfEqual: 0x15,
  jumpIfAtLeast: 0x35,
  jumpIfAnyBit: 0x45,
  return: 0x06,
} as const;

/** An instruction; an unconditional jump skips `value` instructions. */
export function instruction(
  code: number,
  value: number,
  { then = 0, otherwise = 0 }: { readonly then?: number; readonly otherwise?: number } = {},
): Instruction {
  assert(then < 256 && otherwise < 256, 'a conditional jump of a filter is short');
  return { code, then, otherwise, value: value >>> 0 };
}
