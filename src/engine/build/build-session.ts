import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { CacheRecords } from '../../cache/cache-records.ts';
import { holdingKey } from '../../content/holdings.ts';
import { openContentStore, type ContentStore } from '../../content/store.ts';
import { applyLayer } from '../../layer/apply-layer.ts';
import type { TimeSource } from '../../dockerfile/evaluate/time-source.ts';
import type { BuildEnvironment, FetchedTree, SecretSource } from '../../ops/op-environment.ts';
import { WaitingTime } from '../../ops/waiting-time.ts';
import { isRootless } from '../../sandbox/rootless/rootless.ts';
import { createSandbox } from '../../sandbox/create-sandbox.ts';
import { parseNetworkChoice } from '../../sandbox/network/network-choice.ts';
import type { SandboxNetwork } from '../../sandbox/network/step-network.ts';
import type { Sandbox } from '../../sandbox/sandbox.ts';
import type { GitOp, HttpOp } from '../../graph/source-op.ts';
import type { Vertex } from '../../graph/vertex.ts';
import type { RunContext } from '../../solver/vertex-runner.ts';
import type { UnpackWork } from '../../snapshot/layer-directories.ts';
import { SnapshotStore } from '../../snapshot/snapshot-store.ts';
import { parseSnapshotterKind } from '../../snapshot/snapshotter-kind.ts';
import { parseDescriptor } from '../../spec/descriptor.ts';
import { parseDiffId } from '../../spec/digest.ts';
import type { BuildOptions } from './build-options.ts';
import { explainDamagedLayer } from './damaged-layer.ts';
import { DatabaseStatIndex } from './database-stat-index.ts';
import { DraftLayers } from './draft-layers.ts';
import { readBuildInput, type BuildInput } from './build-input.ts';
import { Fetching } from './fetching.ts';
import { ImageFinder } from './image-finder.ts';
import { openContexts, type Contexts } from './local-contexts.ts';
import { LogFiles, stepLogLimit } from './log-files.ts';
import { secretSource } from './secrets.ts';
import { noMountsError } from './no-mounts-error.ts';
import { plannedVertices } from './planned-vertices.ts';
import { openPrivateMounts } from './private-mounts.ts';
import { sourceTime } from './source-time.ts';
import { Steps } from './steps.ts';
import { checkStoreOwners } from './store-owners.ts';

interface SessionParts {
  readonly fetching: Fetching;
  readonly input: BuildInput;
  /** Why nothing can be mounted; undefined if it can. */
  readonly noMounts: string | undefined;
}

/** What a build works with, from the store to the sandbox. Nothing of it is left when it is disposed of. */
export class BuildSession implements AsyncDisposable {
  readonly options: BuildOptions;
  readonly content: ContentStore;
  readonly snapshots: SnapshotStore;
  readonly images: ImageFinder;
  readonly input: BuildInput;
  readonly contexts: Contexts;
  readonly steps: Steps;
  readonly drafts: DraftLayers;
  readonly environment: BuildEnvironment;
  readonly #index: DatabaseStatIndex;
  readonly #fetching: Fetching;
  readonly #noMounts: string | undefined;
  #sandbox: Sandbox | undefined;
  #ending: Promise<void> | undefined;
  #planned: ReadonlySet<string> = new Set();

  /** Throws KilnError `engine/context`, `content/...`, and what reading the Dockerfile throws. */
  static async open(options: BuildOptions): Promise<BuildSession> {
    const noMounts = openPrivateMounts();
    const content = openContentStore(options.store);
    const fetching = new Fetching({ content, env: options.env, secrets: secretsOf(options) });
    try {
      checkStoreOwners(content);
      return new BuildSession(options, { fetching, noMounts, input: await readBuildInput(options, fetching) });
    } catch (error) {
      fetching[Symbol.dispose]();
      await content[Symbol.asyncDispose]();
      throw error;
    }
  }

  private constructor(options: BuildOptions, { fetching, input, noMounts }: SessionParts) {
    const { content } = fetching;
    this.options = options;
    this.content = content;
    this.input = input;
    this.#fetching = fetching;
    this.#noMounts = noMounts;
    this.steps = new Steps(options.sink);
    this.contexts = openContexts(input, options.namedContexts, () => this.#directory());
    const { pull, signal } = options;
    this.images = new ImageFinder({ content, pull, steps: this.steps, signal, env: options.env });
    this.snapshots = new SnapshotStore({
      database: content.database,
      hold: (chain) => {
        content.session.hold([holdingKey('layer', chain)]);
      },
      directory: join(content.root, 'snapshots'),
      temporary: () => content.temporaryPath(),
      userXattr: isRootless(),
      unpack: (work) => this.#unpack(work),
      expect: (blobs) => {
        const layers = blobs.map((blob) => content.database.json(blob, parseDescriptor));
        this.images.fetchAhead(layers, { signal, progress: () => undefined });
      },
      kind: parseSnapshotterKind(options.env['KILN_SNAPSHOTTER']),
      noOverlay: noMounts,
      onCopying: (reason) => {
        const text = `overlayfs cannot be used in ${content.root} (${reason}): file systems are copied, which is slower`;
        this.steps.note('[internal] prepare file systems', text);
      },
      signal,
    });
    this.#index = new DatabaseStatIndex(content.database);
    this.drafts = new DraftLayers(content, options.outputs);
    this.environment = this.#environment();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      this.#endSandbox();
      await Promise.all([this.#ending, this.snapshots.close()]);
      // Who interrupts a build expects to find nothing of it.
      if (this.options.signal.aborted) await this.#sandbox?.left();
      this.#index[Symbol.dispose]();
    } finally {
      this.images[Symbol.dispose]();
      this.#fetching[Symbol.dispose]();
      await this.content[Symbol.asyncDispose]();
    }
  }

  /** What programs have around them ends while other steps are made, and the outputs. */
  #endSandbox(): void {
    if (!this.#sandbox) return;
    this.#ending ??= Promise.resolve(this.#sandbox[Symbol.asyncDispose]());
    // Who disposes of the session takes the error.
    this.#ending.catch(() => undefined);
  }

  /** The time of a source, for SOURCE_DATE_EPOCH. */
  readonly timeOf = (source: TimeSource): Promise<number | undefined> => {
    const { input, contexts, steps } = this;
    return sourceTime(source, { input, contexts, steps, fetching: this.#fetching, signal: this.options.signal });
  };

  /** Says what will be built, so that no files are made that nobody looks at. */
  expect(images: readonly { readonly vertex: Vertex; readonly epoch: number | undefined }[]): void {
    // What was written by the build, not copied, gets another time then: that must be found out first.
    if (images.some(({ epoch }) => epoch !== undefined)) return;
    const targets = images.map(({ vertex }) => vertex);
    for (const target of targets) this.drafts.expect(target);
    this.#planned = plannedVertices({ targets, outputs: this.options.outputs });
  }

  /** Begins to make the network of steps, which takes longer than planning what there is to run. */
  beginNetwork(): void {
    if (this.#noMounts === undefined) this.environment.sandbox().begin(this.options.network);
  }

  #environment(): BuildEnvironment {
    const { content, snapshots, options } = this;
    return {
      ...{ content, snapshots, records: new CacheRecords(content.database), index: this.#index },
      sandbox: () => (this.#sandbox ??= this.#newSandbox()),
      waiting: new WaitingTime(() => {
        this.drafts.getReady();
      }),
      endSandbox: () => {
        this.#endSandbox();
      },
      local: ({ name }) => this.contexts.tree(name),
      http: (op, context) => this.#http(op, context),
      git: (op, context) => this.#git(op, context),
      secrets: secretsOf(options),
      diffId: (draft, signal, vertex) => this.drafts.diffId(draft, signal, vertex),
      isPlanned: ({ digest }) => this.#planned.has(digest),
      plannedLayer: (entries, signal, vertex) => this.drafts.planned(entries, signal, vertex),
      temporary: () => content.temporaryPath(),
      unpackLimits: this.#fetching.limits,
      caches: join(content.root, 'caches'),
      usedCaches: new Set(),
      stepLog: { limit: stepLogLimit(options.env), file: new LogFiles(join(content.root, 'logs')).next },
      entitlements: options.entitlements,
    };
  }

  #newSandbox(): Sandbox {
    const { runtime, limits } = this.options;
    if (this.#noMounts !== undefined) {
      throw noMountsError(this.#noMounts);
    }
    return createSandbox({
      directory: this.content.temporaryPath(),
      limits,
      network: this.#network(),
      ...(runtime !== undefined && { runtime }),
    });
  }

  #network(): SandboxNetwork {
    const { env, signal } = this.options;
    const onShared = (reason: string): void => {
      void this.steps.run('[internal] network of steps', (report) =>
        report.part(`it is that of this machine: ${reason}`, () => Promise.resolve()),
      );
    };
    return { choice: parseNetworkChoice(env['KILN_NETWORK']), searchPath: env['PATH'] ?? '', onShared, signal };
  }

  async #http(op: HttpOp, { signal, progress }: RunContext): Promise<FetchedTree> {
    const onProgress = (received: number, total: number | undefined) => {
      progress(op.url, received, total);
    };
    const { directory, isNew } = await this.#fetching.http(op, { signal, onProgress });
    return { tree: { root: directory, kind: 'snapshot' }, isNew };
  }

  async #git(op: GitOp, { signal }: RunContext): Promise<FetchedTree> {
    const { directory, isNew } = await this.#fetching.git(op, signal);
    return { tree: { root: directory, kind: 'snapshot' }, isNew };
  }

  async #unpack({ blob, diffId, directory, parent }: UnpackWork): Promise<void> {
    const descriptor = this.content.database.json(blob, parseDescriptor);
    const { signal } = this.options;
    const { digest } = descriptor;
    const { content, isThere } = this.images.open(descriptor, { signal, progress: () => undefined });
    try {
      await applyLayer(content, directory, {
        ...{ userxattr: isRootless(), expectedDiffId: parseDiffId(diffId), parent, signal },
        ...{ size: descriptor.size, limits: this.#fetching.limits },
      });
    } catch (error) {
      // What was fetched may be another blob than was asked for: that is the reason then.
      await isThere;
      const reference = this.images.referenceOf(digest);
      throw explainDamagedLayer(error, { digest, path: this.content.blobPath(digest), reference });
    }
  }

  #directory(): string {
    const path = this.content.temporaryPath();
    mkdirSync(path, { mode: 0o700 });
    return path;
  }
}

function secretsOf({ secrets, agents, env }: BuildOptions): SecretSource {
  return secretSource(secrets, agents, env);
}
