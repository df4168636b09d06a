import { createReadStream, createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { pack } from 'tar-stream';
import type { Digest } from '../../spec/digest.ts';
import { formatManifest } from '../../spec/manifest.ts';
import { mediaTypes } from '../../spec/media-type.ts';
import type { Platform } from '../../spec/platform.ts';
import type { BuildSession } from './build-session.ts';
import { composeImage, type SolvedImage } from './compose-image.ts';

export interface ExportedImage {
  readonly platform: Platform;
  readonly configDigest: Digest;
}

export async function exportImages(
  session: BuildSession,
  images: readonly SolvedImage[],
): Promise<readonly ExportedImage[]> {
  const exported: ExportedImage[] = [];
  for (const output of session.options.outputs) {
    if (output.kind !== 'oci') continue;
    for (const image of images) {
      const composed = await composeImage(session, image, { output: output.layers, onLayer: () => undefined });
      const manifest = session.content.blobs.put(
        formatManifest({
          kind: 'manifest',
          mediaType: mediaTypes.oci.manifest,
          config: { mediaType: mediaTypes.oci.config, digest: composed.configDigest, size: composed.config.length },
          layers: composed.layers.map(({ descriptor }) => descriptor),
        }),
      );
      const tar = pack();
      const done = pipeline(tar, createWriteStream(output.destination));
      tar.entry({ name: 'oci-layout' }, '{"imageLayoutVersion":"1.0.0"}');
      tar.entry(
        { name: 'index.json' },
        JSON.stringify({
          schemaVersion: 2,
          manifests: [{ mediaType: mediaTypes.oci.manifest, digest: manifest.digest, size: manifest.size, annotations: {
            'io.containerd.image.name': output.names[0] ?? '', 'org.opencontainers.image.ref.name': 'latest' } }],
        }),
      );
      const blobs = new Set([manifest.digest, composed.configDigest, ...composed.layers.map((l) => l.descriptor.digest)]);
      for (const digest of blobs) {
        const size = session.content.blobs.size(digest) ?? 0;
        const entry = tar.entry({ name: `blobs/sha256/${digest.slice(7)}`, size });
        await pipeline(createReadStream(session.content.blobs.path(digest)), entry);
      }
      tar.finalize();
      await done;
      exported.push({ platform: image.platform, configDigest: composed.configDigest });
    }
  }
  return exported;
}
