import { Readable } from 'node:stream';
import { ArrivingBlob, type GrowingFile } from '../../content/arriving-blob.ts';
import type { BlobStore } from '../../content/blob-store.ts';
import type { ContentStore } from '../../content/store.ts';
import { resolveLocalImage } from '../../content/resolve-image.ts';
import { isKilnError, KilnError } from '../../diagnostic/kiln-error.ts';
import { dockerCredentials } from '../../registry/docker-credentials.ts';
import { pullLayers, type LayersRequest } from '../../registry/pull-image.ts';
import { RegistryClient } from '../../registry/registry-client.ts';
import { resolveImage, type ResolvedImage } from '../../registry/resolve-image.ts';
import type { RunContext } from '../../solver/vertex-runner.ts';
import type { Descriptor } from '../../spec/descriptor.ts';
import type { Platform } from '../../spec/platform.ts';
import { parseReference } from '../../spec/reference.ts';
import { readImage, type BaseImage } from './base-image.ts';
import type { FindImages } from './evaluate-with-images.ts';
import { httpOptions } from './http-options.ts';
import { openLayout } from './oci-layout-image.ts';
import type { Steps } from './steps.ts';

/** Blobs that are fetched before they are asked for. */
const atOnce = 3;

export interface ImageFinderOptions {
  readonly content: ContentStore;
  /** Ask the registry even if the store has an image of that name. */
  readonly pull: boolean;
  readonly steps: Steps;
  readonly signal: AbortSignal;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Finds base images: in the store, in OCI layouts, in registries. Their layers stay there until somebody needs them. */
export class ImageFinder implements FindImages, Disposable {
  readonly #options: ImageFinderOptions;
  readonly #origins = new Map<string, ResolvedImage>();
  /** By the digest of a layer, an image that has it. */
  readonly #references = new Map<string, string>();
  readonly #arrivals = new Map<string, Arrival>();
  /** What {@link findNow} has found: it is asked once for each platform. */
  readonly #shown = new Set<string>();
  #client: RegistryClient | undefined;

  constructor(options: ImageFinderOptions) {
    this.#options = options;
  }

  [Symbol.dispose](): void {
    this.#client?.[Symbol.dispose]();
  }

  /** Throws KilnError `engine/image`, with the place of the instruction that names the image. */
  readonly find: FindImages['find'] = async (reference, platform, origin) => {
    const { steps } = this.#options;
    try {
      return await steps.run(stepName(reference), async () =>
        this.#base(reference, await this.#resolve(reference, platform), platform),
      );
    } catch (cause) {
      if (!isKilnError(cause)) throw cause;
      const message = `${reference}: failed to resolve source metadata for ${reference}: ${cause.message}`;
      throw new KilnError('engine/image', message, { span: origin.span, hint: cause.hint, cause });
    }
  };

  /** What is wrong with one that is at hand, {@link find} tells. */
  readonly findNow: FindImages['findNow'] = (reference, platform) => {
    const { content, pull, steps } = this.#options;
    if (pull || isLayout(reference)) return undefined;
    try {
      const found = resolveLocalImage(content, parseReference(reference), platform);
      const base = found && this.#base(reference, found, platform);
      if (base && !this.#shown.has(reference)) {
        this.#shown.add(reference);
        steps.done(stepName(reference));
      }
      return base;
    } catch {
      return undefined;
    }
  };

  #base(reference: string, { manifest, config, layers }: FoundImage, platform: Platform): BaseImage {
    for (const { descriptor } of layers) this.#references.set(descriptor.digest, reference);
    return { reference, manifest: manifest.digest, image: readImage(config, platform), layers };
  }

  /** The image that a layer was asked for with. */
  referenceOf(layer: string): string | undefined {
    return this.#references.get(layer);
  }

  /** Sees to it that the blob of a layer is in the store. */
  async ensureBlob(descriptor: Descriptor, context: PullContext): Promise<void> {
    await this.#arrival(descriptor, context)?.isThere;
  }

  /** The blob of a layer, to be read once; one that the store does not have is fetched, and can be read on its way. */
  open(descriptor: Descriptor, context: PullContext): OpenedBlob {
    const arrival = this.#arrival(descriptor, context);
    const { blobs } = this.#options.content;
    return arrival
      ? { content: Readable.from(arrival.blob.content(), { objectMode: false }), isThere: arrival.isThere }
      : { content: blobs.stream(descriptor.digest), isThere: Promise.resolve() };
  }

  /** Fetches the blobs of layers that will be asked for in this order, a few at a time. Who asks for them is told what fails. */
  fetchAhead(descriptors: readonly Descriptor[], context: PullContext): void {
    const open = descriptors.values();
    const work = async (): Promise<void> => {
      for (const descriptor of open) await this.#arrival(descriptor, context)?.isThere;
    };
    // After a failure no more are begun by the one whom it met.
    for (let worker = 0; worker < atOnce; worker++) work().catch(() => undefined);
  }

  /** A blob that is being fetched; undefined if the store has it. */
  #arrival(descriptor: Descriptor, context: PullContext): Arrival | undefined {
    const { digest } = descriptor;
    const { blobs } = this.#options.content;
    if (blobs.has(digest)) return undefined;
    const running = this.#arrivals.get(digest);
    if (running) return running;
    const blob = new ArrivingBlob(blobs.path(digest));
    const pulled = blob.follow(this.#pull(descriptor, { ...context, onGrowth: blob.grow }));
    const isThere = pulled.finally(() => this.#arrivals.delete(digest));
    // Who waits for it takes the error; not everybody who reads it does.
    isThere.catch(() => undefined);
    const arrival = { blob, isThere };
    this.#arrivals.set(digest, arrival);
    return arrival;
  }

  async #resolve(reference: string, platform: Platform): Promise<FoundImage> {
    const { content, pull, signal } = this.#options;
    if (isLayout(reference)) return openLayout(content, reference, platform);
    const name = parseReference(reference);
    const local = pull ? undefined : resolveLocalImage(content, name, platform);
    if (local) return local;
    const image = await resolveImage({
      ...{ client: this.#registry(), reference: name, platform, signal },
      store: content.blobs,
    });
    for (const { descriptor } of image.layers) this.#origins.set(descriptor.digest, image);
    return image;
  }

  async #pull(descriptor: Descriptor, { signal, progress, onGrowth }: PullContext & Growth): Promise<void> {
    const image = this.#origins.get(descriptor.digest);
    if (!image) {
      throw new KilnError('engine/blob-missing', `the store does not have layer ${descriptor.digest}`, {
        hint: 'build with --pull to fetch its image again',
      });
    }
    await pullLayers({
      ...{ client: this.#registry(), reference: image.reference, signal },
      store: watched(this.#options.content.blobs, onGrowth),
      layers: image.layers.filter((layer) => layer.descriptor.digest === descriptor.digest),
      onProgress: ({ digest, received, total }) => {
        progress(digest, received, total);
      },
    });
  }

  #registry(): RegistryClient {
    return (this.#client ??= new RegistryClient({
      ...httpOptions(this.#options.env),
      credentials: dockerCredentials(this.#options.env),
    }));
  }
}

function stepName(reference: string): string {
  return `[internal] load metadata for ${reference}`;
}

function isLayout(reference: string): boolean {
  return reference.startsWith('oci-layout://');
}

/** A store that says how blobs grow which it is given. */
function watched(blobs: BlobStore, onGrowth: (file: GrowingFile) => void): LayersRequest['store'] {
  return {
    has: (digest) => blobs.has(digest),
    read: (digest) => blobs.read(digest),
    room: () => blobs.room(),
    write: (blob, content) => blobs.write({ ...blob, isVerified: true }, content, onGrowth),
  };
}

type PullContext = Pick<RunContext, 'signal' | 'progress'>;

interface Growth {
  readonly onGrowth: (file: GrowingFile) => void;
}

interface Arrival {
  readonly blob: ArrivingBlob;
  readonly isThere: Promise<void>;
}

/** A blob that is read. */
export interface OpenedBlob {
  readonly content: Readable;
  /** That it is in the store; or why it could not be fetched, which also ends the content. */
  readonly isThere: Promise<void>;
}

type FoundImage = Pick<ResolvedImage, 'config' | 'layers'> & { readonly manifest: Pick<Descriptor, 'digest'> };
