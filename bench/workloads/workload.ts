import type { BaseName } from '../bases.ts';
import type { BuilderName, Output } from '../builders/builder.ts';

/** What is to be reached, on the machine that the figures are of. */
export interface Goal {
  /** Median of a build. */
  readonly seconds?: number;
  /** What the faster of buildah and docker took there, seconds: other machines are to be reached by the ratio. */
  readonly peer?: number;
  /** Peak of the tree of processes, MiB. */
  readonly memory?: number;
}

/** What a workload may need to know of the session. */
export interface Surroundings {
  /** `host:port` of a registry that has `debian:bookworm-slim`. */
  readonly registry: string;
}

/** A build that is timed. */
export interface Workload {
  readonly id: string;
  /** What `--only` knows it by, besides its id. */
  readonly rows: readonly string[];
  readonly title: string;
  readonly goal: Goal;
  /** What has to be in the store. */
  readonly bases: readonly BaseName[];
  /**
   * The store before a timed build: it was built before (`cached`), it has the bases and nothing else (`cold`), or there
   * is nothing at all (`empty`).
   */
  readonly start: 'cached' | 'cold' | 'empty';
  readonly output: Output;
  readonly dockerfile: (surroundings: Surroundings) => string;
  /** Writes what is in the context besides the Dockerfile. */
  readonly writeContext?: (folder: string, signal: AbortSignal) => void | Promise<void>;
  /** Changes the context before a round; rounds count from 0, each is different. */
  readonly change?: (folder: string, round: number) => void;
  /** Who does not take part, and why. */
  readonly leftOut?: Readonly<Partial<Record<BuilderName, string>>>;
  /** This one as a point of a line. */
  readonly growth?: { readonly line: string; readonly size: number; readonly unit: string };
}
