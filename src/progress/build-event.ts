import type { Source } from '../diagnostic/source.ts';

/**
 * Something that happens during a build. A vertex is told of before anything that belongs to it.
 *
 * All times are milliseconds since the epoch, with fractions; see `systemClock`.
 *
 * @see https://github.com/moby/buildkit/blob/master/client/graph.go
 */
export type BuildEvent = VertexEvent | TransferEvent | LogEvent | WarningEvent;

/** Takes events as they happen. It returns fast, never throws, and keeps no array it is given. */
export type ProgressSink = (event: BuildEvent) => void;

/** A vertex is new, or has started, or has ended. */
export interface VertexEvent {
  readonly kind: 'vertex';
  readonly vertex: VertexStatus;
}

/** All that is known of a vertex: an event replaces what the one before it said. */
export interface VertexStatus {
  /** Identifies the vertex in this build. */
  readonly digest: string;
  /** Digests of the vertices it needs. */
  readonly inputs: readonly string[];
  /** What users see, such as `[2/3] RUN make`. */
  readonly name: string;
  readonly started?: number;
  readonly completed?: number;
  /** It was not run, since its result was there already. */
  readonly cached: boolean;
  /** Why it failed; ends with `context canceled` if it was stopped. */
  readonly error?: string;
  readonly progressGroup?: ProgressGroup;
}

/** Vertices of one group are shown as one. */
export interface ProgressGroup {
  readonly id: string;
  readonly name: string;
  /** Its vertices alone are no reason to show the group. */
  readonly weak: boolean;
}

/** How far a part of a vertex is: a layer being pulled, a file being sent. Replaces the one before it of the same id. */
export interface TransferEvent {
  readonly kind: 'status';
  /** What users see, such as `sha256:...` or `transferring context:`. */
  readonly id: string;
  /** Digest of the vertex it belongs to. */
  readonly vertex: string;
  /** What it does, such as `downloading`. */
  readonly name?: string;
  /** Bytes done. */
  readonly current: number;
  /** Bytes in all; absent if that is not known. */
  readonly total?: number;
  readonly time: number;
  readonly started?: number;
  readonly completed?: number;
}

/** A piece of what a vertex prints, cut anywhere. */
export interface LogEvent {
  readonly kind: 'log';
  /** Digest of the vertex. */
  readonly vertex: string;
  /** 1 is standard output, 2 standard error. */
  readonly stream: 1 | 2;
  readonly data: Uint8Array;
  readonly time: number;
}

/** Something to mend in the Dockerfile, or to know about the build. */
export interface WarningEvent {
  readonly kind: 'warning';
  /** Digest of the vertex it belongs to. */
  readonly vertex: string;
  /** 1 is for what matters most. */
  readonly level: number;
  /** One line. */
  readonly short: string;
  /** Lines of explanation. */
  readonly detail: readonly string[];
  readonly url?: string;
  readonly source?: Source;
  /** 1-based lines of the source: two are the first and the last, more are the lines themselves. */
  readonly lines?: readonly number[];
}

const canceled = 'context canceled';

/** Whether an error of a vertex says that it was stopped, because another failed or the user wanted it. */
export function isCanceled(error: string): boolean {
  return error.endsWith(canceled);
}
