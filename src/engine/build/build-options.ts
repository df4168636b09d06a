import type { Writable } from 'node:stream';
import type { ExtraHost, Ulimit } from '../../graph/exec-op.ts';
import type { ProgressSink } from '../../progress/build-event.ts';
import type { StepLimits } from '../../sandbox/limits/step-limits.ts';
import type { BuildOutput } from './build-output.ts';

/** What to build, how, and what to make of it. */
export interface BuildOptions {
  /** Absolute path of the store. */
  readonly store: string;
  /** Build context: a directory, a URL, or `-` for standard input. */
  readonly context: string;
  /** The Dockerfile, `-` for standard input; absent for that of the context. */
  readonly file: string | undefined;
  readonly stdin: StandardInput;
  /** `--build-context`: a directory, `docker-image://...`, `oci-layout://...`, by name. */
  readonly namedContexts: ReadonlyMap<string, string>;
  readonly buildArgs: ReadonlyMap<string, string>;
  readonly labels: ReadonlyMap<string, string>;
  readonly target: string | undefined;
  /** `os/architecture[/variant]`; empty for that of this machine. */
  readonly platforms: readonly string[];
  /** Run everything anew, or the steps of some stages. */
  readonly noCache: boolean | readonly string[];
  /** Ask registries for base images even if the store has them. */
  readonly pull: boolean;
  readonly network: 'default' | 'none' | 'host';
  readonly extraHosts: readonly ExtraHost[];
  readonly ulimits: readonly Ulimit[];
  /** Bytes; 0 for the default. */
  readonly shmSize: number;
  readonly cgroupParent: string;
  /** What a step may take of the machine; it decides nothing about its result. */
  readonly limits: StepLimits;
  readonly entitlements: ReadonlySet<string>;
  readonly secrets: readonly SecretFile[];
  /** Paths of the sockets of SSH agents, by id. */
  readonly agents: ReadonlyMap<string, string>;
  readonly outputs: readonly BuildOutput[];
  /** How many steps run at a time. */
  readonly jobs: number;
  readonly keepGoing: boolean;
  /** An OCI runtime, such as `runc`; absent for Kiln's own. */
  readonly runtime: string | undefined;
  /** Variables of the user: secrets and proxies are in them. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Where outputs with the destination `-` go. Asked for only then: Node's streams take 8 ms to load. */
  readonly stdout: () => Writable;
  readonly sink: ProgressSink;
  /** Stops the build. */
  readonly signal: AbortSignal;
}

/** Standard input, all at once or bit by bit; neither waits any longer when the signal aborts. */
export interface StandardInput {
  readonly bytes: (signal: AbortSignal) => Promise<Uint8Array>;
  readonly stream: (signal: AbortSignal) => AsyncIterable<Uint8Array>;
}

/** `--secret`. */
export interface SecretFile {
  readonly id: string;
  /** A file, or a variable of this process. */
  readonly source: { readonly kind: 'file'; readonly path: string } | { readonly kind: 'env'; readonly name: string };
}
