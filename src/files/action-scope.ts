import type { UnpackLimits } from '../system/unpack-limits.ts';
import type { WantedAttributes } from './attributes.ts';
import type { Pacer } from '../system/pacer.ts';
import type { TargetFiles } from './target-files.ts';

/** Where and how an action works. */
export interface ActionScope {
  /** What is changed. */
  readonly files: TargetFiles;
  readonly wanted: WantedAttributes;
  readonly pacer: Pacer;
  /** Of archives. The default ones if absent. */
  readonly limits?: UnpackLimits | undefined;
}
