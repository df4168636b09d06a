import { KilnError } from '../diagnostic/kiln-error.ts';
import type { Descriptor } from '../spec/descriptor.ts';
import { parseDigest } from '../spec/digest.ts';
import type { Digest, DiffId } from '../spec/digest.ts';
import type { ImageManifest } from '../spec/manifest.ts';
import { formatPlatformAll } from '../spec/platform.ts';
import type { Platform } from '../spec/platform.ts';
import { formatReference } from '../spec/reference.ts';
import type { Reference } from '../spec/reference.ts';
import { blobContent } from './blob-content.ts';
import type { BlobStore } from './blob-store.ts';
import { acceptedManifests, digestOf, readDiffIds, readDocument, readPlatform } from './documents.ts';
import type { RegistryDocument } from './documents.ts';
import { registryEndpoints } from './endpoint.ts';
import type { HttpResponse } from './http-client.ts';
import { choosePlatform, listPlatforms, runsOn } from '../spec/platform-choice.ts';
import { checkRoom } from './store-room.ts';
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
  readonly diffId: DiffId;
}

/** Of a manifest, an index or a configuration. */
const mostBytes = 8 << 20;
const deepestNesting = 4;
/** How many images of an index are asked what they are for, if it does not say so. */
const mostCandidates = 100;

/**
 * Asks the registry what an image is: everything but its layers.
 *
 * A manifest that is no part of an index is taken whatever platform it is for, as BuildKit does.
 *
 * Throws KilnError `registry/not-found`, `registry/platform-missing`, `registry/manifest-...`, `registry/blob-...`, `registry/no-room`, and as
 * {@link RegistryClient.request}.
 */
export async function resolveImage(request: ImageRequest): Promise<ResolvedImage> {
  const { digest } = request.reference;
  const target = await getDocument(request, digest === undefined ? await currentDigest(request) : parseDigest(digest));
  const chosen = await chooseManifest(request, target, { depth: 0, seen: new Set() });
  if (!chosen) throw noMatch(request, target);
  const { manifest, content } = chosen;
  checkRoom(request, content.layers, 'total');
  const config = await getConfig(request, content);
  const diffIds = readDiffIds(config);
  if (diffIds.length !== content.layers.length) throw mismatch(request, content.layers.length, diffIds.length);
  const layers = diffIds.flatMap((diffId, index) => {
    const descriptor = content.layers[index];
    return descriptor ? [{ descriptor, diffId }] : [];
  });
  return { reference: request.reference, target: target.descriptor, manifest, config, layers };
}

interface ChosenManifest {
  readonly manifest: Descriptor;
  readonly content: ImageManifest;
}

/** @param seen indexes that need not be looked at again: lists of lists could name each other without end */
async function chooseManifest(
  request: ImageRequest,
  { descriptor, content }: RegistryDocument,
  { depth, seen }: { readonly depth: number; readonly seen: Set<string> },
): Promise<ChosenManifest | undefined> {
  if (content.kind === 'manifest') return { manifest: descriptor, content };
  if (depth === deepestNesting || seen.has(descriptor.digest)) return undefined;
  seen.add(descriptor.digest);
  const best = choosePlatform(content.manifests, request.platform);
  const candidates = best ? [best] : content.manifests.filter(({ platform }) => !platform).slice(0, mostCandidates);
  for (const candidate of candidates) {
    if (seen.has(candidate.digest)) continue;
    const document = await getDocument(request, candidate.digest, candidate);
    const chosen = await chooseManifest(request, document, { depth: depth + 1, seen });
    if (chosen && (best || (await fits(request, chosen.content)))) return chosen;
  }
  return undefined;
}

/** Whether an image that an index does not name a platform for says itself that it is right. */
async function fits(request: ImageRequest, content: ImageManifest): Promise<boolean> {
  return runsOn(readPlatform(await getConfig(request, content)), request.platform);
}

/** Asking for the digest alone does not count as a pull; undefined if the registry does not tell. */
async function currentDigest(request: ImageRequest): Promise<Digest | undefined> {
  const { client, reference, signal } = request;
  const path = `manifests/${reference.tag ?? 'latest'}`;
  const response = await client.request({ reference, path, method: 'HEAD', headers: accept, signal }).catch(orGet);
  response?.body.destroy();
  if (response?.status === 404) throw notFound(request);
  const digest = response?.headers['docker-content-digest'];
  return typeof digest === 'string' && /^sha256:[a-f0-9]{64}$/.test(digest) ? parseDigest(digest) : undefined;
}

const accept = { accept: acceptedManifests };

/** Some registries do not know HEAD. */
function orGet(error: unknown): undefined {
  if (error instanceof KilnError && error.code === 'registry/failed') return undefined;
  throw error;
}

async function getDocument(
  request: ImageRequest,
  digest: Digest | undefined,
  known?: Descriptor,
): Promise<RegistryDocument> {
  const { client, reference, store, signal } = request;
  if (digest !== undefined && (await store.has(digest))) {
    return readDocument(await store.read(digest), digest, known?.mediaType ?? '');
  }
  // What an index says of it; nobody else says how long it is.
  if (known && known.size > mostBytes) throw tooLong(known);
  const path = `manifests/${digest ?? reference.tag ?? 'latest'}`;
  const response = await client.request({ reference, path, headers: accept, signal });
  if (response.status !== 200) {
    response.body.destroy();
    throw notFound(request, known?.digest);
  }
  const bytes = await readAll(response.body, response.url, mostBytes).catch((cause: unknown) => {
    throw new KilnError('registry/unreachable', `${formatReference(reference)}: failed to get the manifest`, { cause });
  });
  if (known && bytes.length !== known.size) throw wrongSize(known, bytes.length);
  const document = readDocument(bytes, digest ?? digestOf(bytes), known?.mediaType ?? contentType(response));
  await store.write(document.descriptor, once(bytes));
  return document;
}

// eslint-disable-next-line @typescript-eslint/require-await
async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

async function getConfig(request: ImageRequest, { config: blob }: ImageManifest): Promise<Uint8Array> {
  const { client, reference, store, signal } = request;
  if (blob.size > mostBytes) {
    throw new KilnError('registry/manifest-invalid', `the image configuration is longer than ${mostBytes} bytes`);
  }
  if (!(await store.has(blob.digest))) await store.write(blob, blobContent({ client, reference, blob, signal }));
  return await store.read(blob.digest);
}

function tooLong({ digest }: Descriptor): KilnError {
  return new KilnError('registry/manifest-invalid', `the manifest ${digest} is longer than ${mostBytes} bytes`);
}

function wrongSize({ digest, size }: Descriptor, length: number): KilnError {
  const message = `the registry sent a wrong manifest for ${digest}: it has ${length} bytes, not ${size}`;
  return new KilnError('registry/manifest-corrupt', message);
}

function contentType({ headers }: HttpResponse): string {
  return headers['content-type']?.split(';')[0]?.trim() ?? '';
}

function notFound({ reference }: ImageRequest, part?: string): KilnError {
  const tried = registryEndpoints(reference.domain).map((address) => new URL(address).host);
  const what = part === undefined ? '' : `${part}: `;
  return new KilnError('registry/not-found', `${formatReference(reference)}: ${what}not found`, {
    hint: `tried ${[...new Set(tried)].join(', ')}; are name and tag right?`,
  });
}

function noMatch({ reference, platform }: ImageRequest, { descriptor, content }: RegistryDocument): KilnError {
  const there = content.kind === 'index' ? listPlatforms(content.manifests) : '';
  const message = `${formatReference(reference)}: no match for platform in manifest ${descriptor.digest}: not found`;
  const hint = `${formatPlatformAll(platform)} is wanted, there is ${there === '' ? 'none' : there}`;
  return new KilnError('registry/platform-missing', message, { hint });
}

function mismatch({ reference }: ImageRequest, layers: number, diffIds: number): KilnError {
  const message = `${formatReference(reference)}: the manifest has ${layers} layers, the configuration ${diffIds}`;
  return new KilnError('registry/manifest-invalid', message);
}
