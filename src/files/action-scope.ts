import type { UnpackLimits } from '../system/unpack-limits.ts';
import type { WantedAttributes } from './attributes.ts';
import type { Pacer } from './pacer.ts';

/** Where and how an action works. */
export interface ActionScope {
  /** Of the destination, on the host. */
  readonly root: string;
  readonly wanted: WantedAttributes;
  readonly pacer: Pacer;
  /** Of archives. The default ones if absent. */
  readonly limits?: UnpackLimits | undefined;
}
