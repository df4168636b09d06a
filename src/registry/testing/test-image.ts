import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { parseDigest } from '../../spec/digest.ts';
import type { Digest } from '../../spec/digest.ts';
import { mediaTypes } from '../../spec/media-type.ts';

/** A document or blob, with what names it. */
export interface TestBlob {
  readonly bytes: Uint8Array;
  readonly digest: Digest;
  readonly mediaType: string;
}

export interface TestImage {
  readonly manifest: TestBlob;
  readonly config: TestBlob;
  readonly layers: readonly TestBlob[];
}

export function digestOf(bytes: Uint8Array): Digest {
  return parseDigest(`sha256:${createHash('sha256').update(bytes).digest('hex')}`);
}

export function makeBlob(content: Uint8Array | object, mediaType: string): TestBlob {
  const bytes = content instanceof Uint8Array ? content : Buffer.from(JSON.stringify(content));
  return { bytes, digest: digestOf(bytes), mediaType };
}

export function describe({ bytes, digest, mediaType }: TestBlob): object {
  return { mediaType, digest, size: bytes.length };
}

/** An image whose layers are not even archives. */
export function makeImage(contents: readonly Uint8Array[], architecture = 'amd64'): TestImage {
  const layers = contents.map((content) => makeBlob(gzipSync(content), 'application/vnd.oci.image.layer.v1.tar+gzip'));
  const rootfs = { type: 'layers', diff_ids: contents.map(digestOf) };
  const config = makeBlob(
    { architecture, os: 'linux', config: {}, rootfs },
    'application/vnd.oci.image.config.v1+json',
  );
  const mediaType = mediaTypes.oci.manifest;
  const content = { schemaVersion: 2, mediaType, config: describe(config), layers: layers.map(describe) };
  return { manifest: makeBlob(content, mediaType), config, layers };
}

/** Uploads blobs and manifests the simplest way there is. */
export async function push(repository: string, name: string, image: TestImage, authorization?: string): Promise<void> {
  for (const blob of [image.config, ...image.layers]) await pushBlob(repository, blob, authorization);
  await pushManifest(repository, name, image.manifest, authorization);
}

export async function pushManifest(url: string, name: string, blob: TestBlob, authorization?: string): Promise<void> {
  const headers = { 'content-type': blob.mediaType, ...(authorization !== undefined && { authorization }) };
  await accepted(await fetch(`${url}/manifests/${name}`, { method: 'PUT', headers, body: Buffer.from(blob.bytes) }));
}

async function pushBlob(url: string, { digest, bytes }: TestBlob, authorization?: string): Promise<void> {
  const headers: Record<string, string> = authorization === undefined ? {} : { authorization };
  const begun = await accepted(await fetch(`${url}/blobs/uploads/`, { method: 'POST', headers }));
  const location = new URL(begun.headers.get('location') ?? '', url);
  location.searchParams.set('digest', digest);
  await accepted(await fetch(location, { method: 'PUT', headers, body: Buffer.from(bytes) }));
}

async function accepted(response: Response): Promise<Response> {
  const text = await response.text();
  if (!response.ok) throw new Error(`${response.url}: ${response.status} ${text}`);
  return response;
}
