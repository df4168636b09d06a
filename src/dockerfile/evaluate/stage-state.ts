import type { Platform } from '../../spec/platform.ts';
import type { Command, CommandOf, Origin, Stage } from '../instructions/command.ts';
import type { Mount } from '../instructions/mount.ts';
import type { ImageDraft } from './image-draft.ts';
import type { OutlineDraft } from './outline-draft.ts';
import type { Variables } from './variables.ts';

/** A command and where it takes files from: a state for each `--from`, or for each mount. */
export interface StageCommand {
  readonly command: Command;
  readonly sources: readonly StageState[];
  readonly isOnbuild: boolean;
}

/** What the user gave a name. */
export type NamedContext =
  /** A directory. */
  | { readonly kind: 'local'; readonly name: string }
  /** Full name of an image. */
  | { readonly kind: 'image'; readonly reference: string }
  /** The image with nothing in it. */
  | { readonly kind: 'scratch' }
  /** A stage of the same file. */
  | { readonly kind: 'stage'; readonly name: string };

/** What a stage begins with, if not with another stage. */
export type StageRoot = Exclude<NamedContext, { kind: 'stage' }>;

/** An instruction that changes the file system, evaluated: nothing is left to expand. */
export type StageStep = RunStep | TransferStep | WorkdirStep;

/** What a step finds when it begins. */
export interface StepScene {
  /** What progress calls it, without its number. */
  readonly name: string;
  /** Variables of the image and of ARG, `NAME=value`. */
  readonly env: readonly string[];
  /** Absolute, or empty for the root. */
  readonly workdir: string;
  readonly user: string;
}

export interface RunStep extends StepScene {
  readonly kind: 'run';
  readonly command: CommandOf<'run'>;
  readonly args: readonly string[];
  /** A heredoc that is run as a script. */
  readonly script: { readonly path: string; readonly content: string } | undefined;
  readonly mounts: readonly Mount[];
  /** For each mount what it takes files from; scratch for those that name nothing. */
  readonly sources: readonly StageState[];
}

export interface TransferStep extends StepScene {
  readonly kind: 'transfer';
  readonly command: CommandOf<'add'> | CommandOf<'copy'>;
  /** Absent: the build context. */
  readonly source: StageState | undefined;
}

/** The directory is `workdir`. */
export interface WorkdirStep extends StepScene {
  readonly kind: 'workdir';
  readonly command: CommandOf<'workdir'>;
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
  /** What stands in its place. */
  namedContext: NamedContext | undefined;
  /** Known once it is resolved. */
  root: StageRoot | undefined;
  platform: Platform | undefined;
  /** What it needs, and the command that says so. */
  readonly dependencies: Map<StageState, Origin>;
  commands: readonly StageCommand[];
  readonly steps: StageStep[];
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
