import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeTarHeader } from '../spec/tar/encode-header.ts';
import { noXattrs, tarPadding } from '../spec/tar/entry.ts';
import type { Descriptor } from '../spec/descriptor.ts';
import { formatManifest } from '../spec/manifest.ts';
import { mediaTypes } from '../spec/media-type.ts';
import { digestBytes } from './hash.ts';
import { openContentStore } from './store.ts';
import type { ContentStore } from './store.ts';

/** A store that goes with the test, in a folder with room for more. */
export class TestStore implements Disposable {
  readonly folder = mkdtempSync(join(tmpdir(), 'kiln-test-'));
  readonly store: ContentStore = openContentStore(join(this.folder, 'store'));

  [Symbol.dispose](): void {
    this.store[Symbol.dispose]();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Files by path; `-> TARGET` is a symlink. */
export type Files = Readonly<Record<string, string | Uint8Array>>;

/** A tar of files, in their order. */
export function tarOf(files: Files): Buffer {
  const attributes = { mode: 0o644, uid: 0, gid: 0, mtimeNs: 0n, xattrs: noXattrs };
  const parts = Object.entries(files).flatMap(([path, what]) => {
    if (typeof what === 'string' && what.startsWith('-> ')) {
      return [encodeTarHeader({ kind: 'symlink', path, target: what.slice(3), ...attributes })];
    }
    const content = Buffer.from(what);
    const header = encodeTarHeader({ kind: 'file', path, size: content.length, ...attributes });
    return [header, content, new Uint8Array(tarPadding(content.length))];
  });
  return Buffer.concat([...parts, new Uint8Array(1024)]);
}

/** Bytes as a stream of two chunks. */
export async function* streamOf(bytes: Uint8Array): AsyncGenerator<Uint8Array, void> {
  const middle = bytes.length >> 1;
  yield await Promise.resolve(bytes.subarray(0, middle));
  yield bytes.subarray(middle);
}

/** An image of one layer, with its files in a layout. */
export interface TestImage {
  readonly files: Files;
  readonly target: Descriptor;
  readonly layer: Buffer;
  readonly config: string;
}

/** Makes an image whose layer is a tar of files. */
export function testImage(layerFiles: Files, architecture = 'amd64'): TestImage {
  const layer = tarOf(layerFiles);
  const config = JSON.stringify({
    architecture,
    os: 'linux',
    rootfs: { type: 'layers', diff_ids: [digestBytes(layer)] },
  });
  const manifest = formatManifest({
    kind: 'manifest',
    mediaType: mediaTypes.oci.manifest,
    config: describe(mediaTypes.oci.config, config),
    layers: [describe(mediaTypes.oci.layer.none, layer)],
  });
  const target = describe(mediaTypes.oci.manifest, manifest);
  return {
    files: Object.fromEntries([layer, config, manifest].map((blob) => [blobName(blob), blob])),
    target,
    layer,
    config,
  };
}

/** The descriptor of some bytes. */
export function describe(mediaType: string, bytes: string | Uint8Array): Descriptor {
  return { mediaType, digest: digestBytes(bytes), size: Buffer.byteLength(bytes) };
}

/** Where a layout has some bytes. */
export function blobName(bytes: string | Uint8Array): string {
  return `blobs/${digestBytes(bytes).replace(':', '/')}`;
}
