import type { StageRoot } from '../dockerfile/evaluate/stage-state.ts';
import type { ExtraHost, Ulimit } from '../graph/exec-op.ts';
import type { GitOp, HttpOp, ImageOp } from '../graph/source-op.ts';

/** What the user decides that the Dockerfile does not. */
export interface PlanOptions {
  /** The image that a stage begins with, which was found before. */
  readonly image: (root: Extract<StageRoot, { kind: 'image' }>, platform: string) => Omit<ImageOp, 'kind'>;
  /** What fetches a context that is no directory of the user, by its name; undefined for directories. */
  readonly remote: (context: string) => GitOp | HttpOp | undefined;
  /** Patterns of what is kept out of a context: `context`, or a name given to `--build-context`. */
  readonly excludes: (context: string) => readonly string[];
  /** Whether the steps of a stage, by lower-case name or index, are run though their result is known. */
  readonly ignoresCache: (stage: string) => boolean;
  /** For RUN without `--network`. */
  readonly network: 'default' | 'none' | 'host';
  /** Variables of RUN that decide nothing, `NAME=value`: proxies. */
  readonly hiddenEnv: readonly string[];
  /** Empty for the default. */
  readonly hostname: string;
  readonly extraHosts: readonly ExtraHost[];
  readonly ulimits: readonly Ulimit[];
  /** Bytes; 0 for the default. */
  readonly shmSize: number;
  readonly cgroupParent: string;
  /** In front of the ids of cache mounts. */
  readonly cacheNamespace: string;
  /** Seconds since 1970: the time of what steps make, absent for now. */
  readonly timestamp: number | undefined;
}
