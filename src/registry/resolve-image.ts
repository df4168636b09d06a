import { createHash } from 'node:crypto';
import { KilnError } from '../diagnostic/kiln-error.ts';
import { formatPlatformAll } from '../spec/platform.ts';
import type { Platform } from '../spec/platform.ts';
import { formatReference } from '../spec/reference.ts';
import type { Reference } from '../spec/reference.ts';
import { blobContent } from './blob-content.ts';
import type { BlobStore } from './blob-store.ts';
import { registryEndpoints } from './endpoint.ts';
import type { HttpResponse } from './http-client.ts';
import { parseManifest, parseObject, parsePlatformObject } from './manifest.ts';
import type { Descriptor, IndexDocument, ManifestDocument } from './manifest.ts';
import { acceptedManifests } from './media-type.ts';
import { choosePlatform, listPlatforms, runsOn } from './platform-choice.ts';
import { readAll } from './read-all.ts';
import type { RegistryClient } from './registry-client.ts';

export interface ImageRequest {
  readonly client: RegistryClient;
  /** With a tag or a digest; a digest counts more. */
  readonly reference: Reference;
  readonly platform: Platform;
  /** Gets the index, the manifest and the configuration; what it has already is not fetched again. */
  readonly store: BlobStore;
  readonly signal?: AbortSignal | undefined;
}

/** What a name in a registry stands for. */
export interface ResolvedImage {
  readonly reference: Reference;
  /** What the name stands for: the index, if it is one. */
  readonly target: Descriptor;
  /** Of the platform. */
  readonly manifest: Descriptor;
  /** The image configuration, JSON, as it is in the registry. */
  readonly config: Uint8Array;
  /** From the lowest up. */
  readonly layers: readonly ImageLayer[];
}

export interface ImageLayer {
  /** The blob, compressed or not. */
  readonly descriptor: Descriptor;
  /** Digest of the blob without compression. */
  readonly diffId: string;
}

interface Document {
  readonly descriptor: Descriptor;
  readonly bytes: Uint8Array;
  readonly content: IndexDocument | ManifestDocument;
}

const mostManifestBytes = 8 << 20;
const deepestNesting = 4;

/**
 * Asks the registry what an image is: everything but its layers.
 *
 * A manifest that is no part of an index is taken whatever platform it is for, as BuildKit does.
 *
 * Throws KilnError `registry/not-found`, `registry/platform-missing`, `registry/manifest-...`, `registry/blob-...`, and as
 * {@link RegistryClient.request}.
 */
export async function resolveImage(request: ImageRequest): Promise<ResolvedImage> {
  const target = await getDocument(request, request.reference.digest ?? (await currentDigest(request)));
  const chosen = await chooseManifest(request, target, 0);
  if (!chosen) throw noMatch(request, target);
  const { manifest, content } = chosen;
  const config = await getConfig(request, content);
  const diffIds = readDiffIds(config);
  if (diffIds.length !== content.layers.length) throw mismatch(request, content.layers.length, diffIds.length);
  const layers = content.layers.map((descriptor, index) => ({ descriptor, diffId: diffIds[index] ?? '' }));
  return { reference: request.reference, target: target.descriptor, manifest, config, layers };
}

interface ChosenManifest {
  readonly manifest: Descriptor;
  readonly content: ManifestDocument;
}

async function chooseManifest(
  request: ImageRequest,
  { descriptor, content }: Document,
  depth: number,
): Promise<ChosenManifest | undefined> {
  if (content.kind === 'manifest') return { manifest: descriptor, content };
  if (depth === deepestNesting) return undefined;
  const best = choosePlatform(content.manifests, request.platform);
  const candidates = best ? [best] : content.manifests.filter(({ platform }) => !platform);
  for (const candidate of candidates) {
    const chosen = await chooseManifest(request, await getDocument(request, candidate.digest, candidate), depth + 1);
    if (chosen && (best || (await fits(request, chosen.content)))) return chosen;
  }
  return undefined;
}

/** Whether an image that an index does not name a platform for says itself that it is right. */
async function fits(request: ImageRequest, content: ManifestDocument): Promise<boolean> {
  const platform = parsePlatformObject(parseObject(await getConfig(request, content), 'configuration'));
  return platform !== undefined && runsOn(platform, request.platform);
}

/** Asking for the digest alone does not count as a pull; undefined if the registry does not tell. */
async function currentDigest(request: ImageRequest): Promise<string | undefined> {
  const { client, reference, signal } = request;
  const path = `manifests/${reference.tag ?? 'latest'}`;
  const response = await client.request({ reference, path, method: 'HEAD', headers: accept, signal }).catch(orGet);
  response?.body.destroy();
  if (response?.status === 404) throw notFound(request);
  const digest = response?.headers['docker-content-digest'];
  return typeof digest === 'string' && /^sha256:[a-f0-9]{64}$/.test(digest) ? digest : undefined;
}

const accept = { accept: acceptedManifests };

/** Some registries do not know HEAD. */
function orGet(error: unknown): undefined {
  if (error instanceof KilnError && error.code === 'registry/failed') return undefined;
  throw error;
}

async function getDocument(request: ImageRequest, digest: string | undefined, known?: Descriptor): Promise<Document> {
  const { reference, store } = request;
  if (digest !== undefined && (await store.has(digest))) {
    const bytes = await store.read(digest);
    return describe(bytes, digest, known?.mediaType ?? '');
  }
  const { client, signal } = request;
  const path = `manifests/${digest ?? reference.tag ?? 'latest'}`;
  const response = await client.request({ reference, path, headers: accept, signal });
  if (response.status !== 200) {
    response.body.destroy();
    throw notFound(request, known?.digest);
  }
  const bytes = await readAll(response.body, response.url, mostManifestBytes).catch((cause: unknown) => {
    throw new KilnError('registry/unreachable', `${formatReference(reference)}: failed to get the manifest`, { cause });
  });
  const document = describe(bytes, digest ?? sha256(bytes), known?.mediaType ?? contentType(response));
  await store.write(document.descriptor, once(bytes));
  return document;
}

// eslint-disable-next-line @typescript-eslint/require-await
async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** Throws KilnError `registry/manifest-corrupt` if the bytes are not those of the digest. */
function describe(bytes: Uint8Array, digest: string, givenType: string): Document {
  const algorithm = digest.slice(0, digest.indexOf(':'));
  const actual = `${algorithm}:${createHash(algorithm).update(bytes).digest('hex')}`;
  if (actual !== digest) {
    throw new KilnError('registry/manifest-corrupt', `the registry sent a wrong manifest for ${digest}: got ${actual}`);
  }
  const content = parseManifest(bytes, givenType);
  return { descriptor: { mediaType: content.mediaType, digest, size: bytes.length }, bytes, content };
}

async function getConfig(request: ImageRequest, { config: blob }: ManifestDocument): Promise<Uint8Array> {
  const { client, reference, store, signal } = request;
  if (blob.size > mostManifestBytes) {
    throw new KilnError(
      'registry/manifest-invalid',
      `the image configuration is longer than ${mostManifestBytes} bytes`,
    );
  }
  if (!(await store.has(blob.digest))) await store.write(blob, blobContent({ client, reference, blob, signal }));
  return await store.read(blob.digest);
}

function readDiffIds(config: Uint8Array): readonly string[] {
  const { rootfs } = parseObject(config, 'configuration') as { rootfs?: { diff_ids?: unknown } };
  const ids: readonly unknown[] = Array.isArray(rootfs?.diff_ids) ? rootfs.diff_ids : [];
  return ids.filter((id) => typeof id === 'string');
}

function contentType({ headers }: HttpResponse): string {
  return headers['content-type']?.split(';')[0]?.trim() ?? '';
}

function sha256(bytes: Uint8Array): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

function notFound({ reference }: ImageRequest, part?: string): KilnError {
  const tried = registryEndpoints(reference.domain).map((address) => new URL(address).host);
  const what = part === undefined ? '' : `${part}: `;
  return new KilnError('registry/not-found', `${formatReference(reference)}: ${what}not found`, {
    hint: `tried ${[...new Set(tried)].join(', ')}; are name and tag right?`,
  });
}

function noMatch({ reference, platform }: ImageRequest, { descriptor, content }: Document): KilnError {
  const there = content.kind === 'index' ? listPlatforms(content.manifests) : '';
  const message = `${formatReference(reference)}: no match for platform in manifest ${descriptor.digest}: not found`;
  const hint = `${formatPlatformAll(platform)} is wanted, there is ${there === '' ? 'none' : there}`;
  return new KilnError('registry/platform-missing', message, { hint });
}

function mismatch({ reference }: ImageRequest, layers: number, diffIds: number): KilnError {
  const message = `${formatReference(reference)}: the manifest has ${layers} layers, the configuration ${diffIds}`;
  return new KilnError('registry/manifest-invalid', message);
}
