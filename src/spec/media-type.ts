/** How a layer is compressed. */
export type Compression = 'none' | 'gzip' | 'zstd';

/** Whose names the parts of an image carry: those of OCI or of Docker's schema 2. */
export type MediaTypeFamily = 'oci' | 'docker';

/**
 * @see https://github.com/opencontainers/image-spec/blob/v1.1.1/media-types.md
 * @see https://github.com/distribution/distribution/blob/v2.8.3/docs/spec/manifest-v2-2.md#media-types
 */
export const mediaTypes = {
  oci: {
    index: 'application/vnd.oci.image.index.v1+json',
    manifest: 'application/vnd.oci.image.manifest.v1+json',
    config: 'application/vnd.oci.image.config.v1+json',
    layer: {
      none: 'application/vnd.oci.image.layer.v1.tar',
      gzip: 'application/vnd.oci.image.layer.v1.tar+gzip',
      zstd: 'application/vnd.oci.image.layer.v1.tar+zstd',
    },
  },
  docker: {
    index: 'application/vnd.docker.distribution.manifest.list.v2+json',
    manifest: 'application/vnd.docker.distribution.manifest.v2+json',
    config: 'application/vnd.docker.container.image.v1+json',
    layer: {
      none: 'application/vnd.docker.image.rootfs.diff.tar',
      gzip: 'application/vnd.docker.image.rootfs.diff.tar.gzip',
      zstd: 'application/vnd.docker.image.rootfs.diff.tar.zstd',
    },
  },
} as const satisfies Record<MediaTypeFamily, object>;

/** Whether a media type is that of a list of manifests. */
export function isIndexType(mediaType: string): boolean {
  return mediaType === mediaTypes.oci.index || mediaType === mediaTypes.docker.index;
}

/** Whether a media type is that of the manifest of one image. */
export function isManifestType(mediaType: string): boolean {
  return mediaType === mediaTypes.oci.manifest || mediaType === mediaTypes.docker.manifest;
}

/** Whether a media type is that of a layer: file systems only, not attestations and other artifacts. */
export function isLayerType(mediaType: string): boolean {
  return layerCompression(mediaType) !== undefined;
}

const layerPattern =
  /^application\/vnd\.(?:oci\.image\.layer(?:\.nondistributable)?\.v1\.tar|docker\.image\.rootfs(?:\.foreign)?\.diff\.tar)(?:[.+](gzip|zstd))?$/;

/** How a layer of a media type is compressed; undefined if it is no layer. */
export function layerCompression(mediaType: string): Compression | undefined {
  const match = layerPattern.exec(mediaType);
  if (!match) return undefined;
  return match[1] === 'gzip' || match[1] === 'zstd' ? match[1] : 'none';
}

/** The family a media type belongs to; OCI for what neither knows. */
export function mediaTypeFamily(mediaType: string): MediaTypeFamily {
  return mediaType.startsWith('application/vnd.docker.') ? 'docker' : 'oci';
}
