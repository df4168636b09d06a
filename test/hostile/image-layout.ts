import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface RawLayer {
  readonly tar: Uint8Array;
  /** What the image has of it; the tar itself if absent. */
  readonly blob?: Uint8Array;
  readonly diffId?: string;
}

export interface RawDescriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
}

export const types = {
  manifest: 'application/vnd.oci.image.manifest.v1+json',
  index: 'application/vnd.oci.image.index.v1+json',
  config: 'application/vnd.oci.image.config.v1+json',
  layer: 'application/vnd.oci.image.layer.v1.tar',
} as const;

export function sha256(bytes: Uint8Array | string): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

export function describe(bytes: Uint8Array | string, mediaType: string): RawDescriptor {
  return { mediaType, digest: sha256(bytes), size: Buffer.byteLength(bytes) };
}

/** An image by its parts, each of which may be another than it should be. */
export interface RawImage {
  readonly manifest: string;
  readonly config: string;
  readonly layers: readonly Uint8Array[];
}

/** @param more members of the configuration, JSON with a comma at the end */
export function makeImage(layers: readonly RawLayer[], more = ''): RawImage {
  const blobs = layers.map(({ tar, blob = tar }) => blob);
  const diffIds = layers.map(({ tar, diffId = sha256(tar) }) => diffId);
  const architecture = { x64: 'amd64' }[process.arch as string] ?? process.arch;
  const plain = { architecture, os: 'linux', config: {}, rootfs: { type: 'layers', diff_ids: diffIds } };
  const config = JSON.stringify(plain).replace('{', `{${more}`);
  const manifest = JSON.stringify({
    ...{ schemaVersion: 2, mediaType: types.manifest, config: describe(config, types.config) },
    layers: blobs.map((blob) => describe(blob, types.layer)),
  });
  return { manifest, config, layers: blobs };
}

/** Writes an OCI layout of one image. */
export function writeLayout(folder: string, layers: readonly RawLayer[]): string {
  const { manifest, config, layers: blobs } = makeImage(layers);
  writeBlobs(folder, [manifest, config, ...blobs]);
  writeIndex(folder, JSON.stringify({ schemaVersion: 2, manifests: [describe(manifest, types.manifest)] }));
  return folder;
}

export function writeBlobs(folder: string, blobs: readonly (Uint8Array | string)[]): void {
  mkdirSync(join(folder, 'blobs', 'sha256'), { recursive: true });
  for (const blob of blobs) writeFileSync(join(folder, 'blobs', 'sha256', sha256(blob).slice('sha256:'.length)), blob);
}

export function writeIndex(folder: string, index: string): void {
  writeFileSync(join(folder, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}');
  writeFileSync(join(folder, 'index.json'), index);
}
