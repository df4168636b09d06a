import type { ContentStore } from '../../content/store.ts';
import { resolveLocalImage } from '../../content/resolve-image.ts';
import { isKilnError, KilnError } from '../../diagnostic/kiln-error.ts';
import { dockerCredentials } from '../../registry/docker-credentials.ts';
import { pullLayers } from '../../registry/pull-image.ts';
import { RegistryClient } from '../../registry/registry-client.ts';
import { resolveImage, type ResolvedImage } from '../../registry/resolve-image.ts';
import type { RunContext } from '../../solver/vertex-runner.ts';
import type { Descriptor } from '../../spec/descriptor.ts';
import { parseReference } from '../../spec/reference.ts';
import { readImage } from './base-image.ts';
import type { FindImage } from './evaluate-with-images.ts';
import { httpOptions } from './http-options.ts';
import { openLayout } from './oci-layout-image.ts';
import type { Steps } from './steps.ts';

export interface ImageFinderOptions {
  readonly content: ContentStore;
  /** Ask the registry even if the store has an image of that name. */
  readonly pull: boolean;
  readonly steps: Steps;
  readonly signal: AbortSignal;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Finds base images: in the store, in OCI layouts, in registries. Their layers stay there until somebody needs them. */
export class ImageFinder implements Disposable {
  readonly #options: ImageFinderOptions;
  readonly #origins = new Map<string, ResolvedImage>();
  /** By the digest of a layer, an image that has it. */
  readonly #references = new Map<string, string>();
  readonly #pulling = new Map<string, Promise<void>>();
  #client: RegistryClient | undefined;

  constructor(options: ImageFinderOptions) {
    this.#options = options;
  }

  [Symbol.dispose](): void {
    this.#client?.[Symbol.dispose]();
  }

  /** Throws KilnError `engine/image`, with the place of the instruction that names the image. */
  readonly find: FindImage = async (reference, platform, origin) => {
    const { steps } = this.#options;
    try {
      return await steps.run(`[internal] load metadata for ${reference}`, async () => {
        const found = await this.#resolve(reference, platform);
        const { manifest, config, layers } = found;
        for (const { descriptor } of layers) this.#references.set(descriptor.digest, reference);
        return { reference, manifest: manifest.digest, image: readImage(config, platform), layers };
      });
    } catch (cause) {
      if (!isKilnError(cause)) throw cause;
      const message = `${reference}: failed to resolve source metadata for ${reference}: ${cause.message}`;
      throw new KilnError('engine/image', message, { span: origin.span, hint: cause.hint, cause });
    }
  };

  /** The image that a layer was asked for with. */
  referenceOf(layer: string): string | undefined {
    return this.#references.get(layer);
  }

  /** Sees to it that the blob of a layer is in the store. */
  async ensureBlob(descriptor: Descriptor, context: Pick<RunContext, 'signal' | 'progress'>): Promise<void> {
    const { content } = this.#options;
    if (content.blobs.has(descriptor.digest)) return;
    const running = this.#pulling.get(descriptor.digest) ?? this.#pull(descriptor, context);
    this.#pulling.set(descriptor.digest, running);
    try {
      await running;
    } finally {
      this.#pulling.delete(descriptor.digest);
    }
  }

  async #resolve(reference: string, platform: Parameters<FindImage>[1]): Promise<FoundImage> {
    const { content, pull, signal } = this.#options;
    if (reference.startsWith('oci-layout://')) return openLayout(content, reference, platform);
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

  async #pull(descriptor: Descriptor, { signal, progress }: Pick<RunContext, 'signal' | 'progress'>): Promise<void> {
    const image = this.#origins.get(descriptor.digest);
    if (!image) {
      throw new KilnError('engine/blob-missing', `the store does not have layer ${descriptor.digest}`, {
        hint: 'build with --pull to fetch its image again',
      });
    }
    await pullLayers({
      ...{ client: this.#registry(), reference: image.reference, store: this.#options.content.blobs, signal },
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

type FoundImage = Pick<ResolvedImage, 'config' | 'layers'> & { readonly manifest: Pick<Descriptor, 'digest'> };
