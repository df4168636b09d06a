import type { CacheRecords } from '../cache/cache-records.ts';
import type { ContentStore } from '../content/store.ts';
import type { SeenFiles } from '../files/seen-files.ts';
import type { StatIndex } from '../files/stat-index.ts';
import type { Tree } from '../files/tree.ts';
import type { GitOp, HttpOp, LocalOp } from '../graph/source-op.ts';
import type { Vertex } from '../graph/vertex.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import type { Draft } from '../snapshot/draft.ts';
import type { ImageLayer, SnapshotStore } from '../snapshot/snapshot-store.ts';
import type { LayerEntry } from '../spec/tar/layer-entry.ts';
import type { RunContext } from '../solver/vertex-runner.ts';
import type { UnpackLimits } from '../system/unpack-limits.ts';
import type { WaitingTime } from './waiting-time.ts';

/** A file or variable that must not be kept. */
export interface SecretSource {
  /** Throws a KilnError if there is something, but it cannot be read. */
  readonly secret: (id: string) => Uint8Array | undefined;
  /** Path of the socket of an SSH agent. */
  readonly agent: (id: string) => string | undefined;
}

/** What the operations of a build work with. */
export interface BuildEnvironment {
  readonly content: ContentStore;
  readonly snapshots: SnapshotStore;
  readonly records: CacheRecords;
  readonly index: StatIndex;
  /** Started when the first program runs. */
  readonly sandbox: () => Sandbox;
  /** In which what the results of programs need is got ready. */
  readonly waiting: WaitingTime;
  /** Called when no program will be run any more. */
  readonly endSandbox: () => void;
  readonly local: (op: LocalOp) => Tree;
  readonly http: (op: HttpOp, context: RunContext) => Promise<FetchedTree>;
  readonly git: (op: GitOp, context: RunContext) => Promise<FetchedTree>;
  readonly secrets: SecretSource;
  /** Digest of the tar of a layer: `sha256:hex`. */
  readonly diffId: (
    layer: Pick<Draft, 'upper' | 'lowers'>,
    signal: AbortSignal,
    /** Whose layer it is. */
    vertex?: Vertex,
  ) => Promise<string>;
  /** Whether nobody in this build looks at the files of a vertex: they only go into a layer. */
  readonly isPlanned: (vertex: Vertex) => boolean;
  /** Writes the layer of such a vertex into the store. */
  readonly plannedLayer: (entries: Iterable<LayerEntry>, signal: AbortSignal, vertex: Vertex) => Promise<ImageLayer>;
  /** A new path, which is removed when the process ends. */
  readonly temporary: () => string;
  /** Of archives that are unpacked. */
  readonly unpackLimits: UnpackLimits;
  /** Directory of cache mounts. */
  readonly caches: string;
  /** Those that were used: steps that run anew begin with an empty one, but see what others of the same build left there. */
  readonly usedCaches: Set<string>;
  /** What is shown of the output of a step as it comes, and a new file for a flood of it. */
  readonly stepLog: { readonly limit: number; readonly file: () => string };
  /** Programs that ask for more than the sandbox gives must have been allowed that. */
  readonly entitlements: ReadonlySet<string>;
}

export interface FetchedTree {
  readonly tree: Tree;
  /** Something was transferred or checked out; if not, the store had it, and it is still right. */
  readonly isNew: boolean;
}

/** What an operation works with. */
export interface OpEnvironment extends BuildEnvironment {
  /** What contexts were like when they were hashed for it. */
  readonly seen: Map<Tree, SeenFiles>;
}
