import type { Bases, BaseName } from '../bases.ts';
import type { Command } from '../command.ts';

/** Who builds. */
export type BuilderName = 'kiln' | 'buildah' | 'docker' | 'buildkit';

/** What is made of an image: nothing that leaves the store, or an archive in the OCI layout. */
export type Output = 'none' | 'oci-gzip' | 'oci-zstd';

/** A build that is to be timed. */
export interface Build {
  /** A folder with a Dockerfile. */
  readonly context: string;
  readonly output: Output;
  /** Where to write the output, if there is one. */
  readonly archive: string;
}

/** A program that builds images, with a store of its own on the disk of the session. */
export interface Builder {
  readonly name: BuilderName;
  readonly version: string;
  /** How it differs from the others in what is timed; printed below the table. */
  readonly notes: readonly string[];
  /** The process that works for the commands, if that is another. */
  readonly daemon?: number;
  /** Makes the store one that has these bases, unpacked, and nothing else. Not timed. */
  reset(bases: readonly BaseName[]): Promise<void>;
  /** What is timed. */
  commands(build: Build): readonly Command[];
  /** Ends what was started. */
  stop(): Promise<void>;
}

/** What a builder is made with. */
export interface BuilderOptions {
  readonly bases: Bases;
  /** On the disk of the session. */
  readonly store: string;
  /** In memory. */
  readonly runtime: string;
  readonly signal: AbortSignal;
}
