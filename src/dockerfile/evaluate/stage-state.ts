import type { Platform } from '../../spec/platform.ts';
import type { Command, Origin, Stage } from '../instructions/command.ts';
import type { ImageDraft } from './image-draft.ts';
import type { OutlineDraft } from './outline-draft.ts';
import type { Variables } from './variables.ts';

/** A command and where it takes files from: a state for each `--from`, or for each mount. */
export interface StageCommand {
  readonly command: Command;
  readonly sources: readonly StageState[];
  readonly isOnbuild: boolean;
}

/** A stage while it is evaluated; or an image that is only copied from or mounted, which has no `stage`. */
export interface StageState {
  readonly stage: Stage | undefined;
  /** The instruction that names it. */
  readonly origin: Origin;
  /** What messages call it; empty for the only stage of a file. */
  label: string;
  /** Image or stage, expanded. */
  readonly baseName: string;
  base: StageState | undefined;
  platform: Platform | undefined;
  /** What it needs, and the command that says so. */
  readonly dependencies: Map<StageState, Origin>;
  commands: readonly StageCommand[];
  /** What words and RUN see: the image's variables and those of ARG. */
  environment: Variables;
  /** Variables of the image that ARG has given another value; a stage based on this one sees the image's again. */
  readonly shadowed: Set<string>;
  /** Of ARG, those of the base first. */
  buildArgs: Variables;
  image: ImageDraft;
  readonly outline: OutlineDraft;
  /** Its commands were evaluated, or it has none. */
  isDispatched: boolean;
  isResolved: boolean;
  hasTriggers: boolean;
  /** WORKDIR was used. */
  isWorkdirSet: boolean;
  /** The last instruction of those of which only the last one counts. */
  lastOf: { readonly [Kind in 'cmd' | 'entrypoint' | 'healthcheck']?: Origin };
}
