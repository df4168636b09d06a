/** What to make of the images that were built. */
export type OutputRequest = StoreOutput | ArchiveOutput | FilesOutput;

/** An image in the local store: `type=image`, `--load`, `type=docker` without `dest`. */
export interface StoreOutput {
  readonly kind: 'store';
  /** Full names with tags; empty for an image without a name. */
  readonly names: readonly string[];
  readonly layers: LayerOptions;
  /** OCI media types, not docker's; undefined for the default of the output. */
  readonly ociMediaTypes: boolean | undefined;
  readonly annotations: Readonly<Record<string, string>>;
  /** To be pushed to the registries in its names, too. */
  readonly push: boolean;
}

/** An image as an OCI layout, or as `docker load` wants it. */
export interface ArchiveOutput {
  readonly kind: 'oci' | 'docker';
  /** Path; `-` for standard output, which is no terminal. */
  readonly destination: string;
  readonly names: readonly string[];
  /** An archive, not a directory. */
  readonly tar: boolean;
  readonly layers: LayerOptions;
  readonly ociMediaTypes: boolean | undefined;
  /** Of the manifests. */
  readonly annotations: Readonly<Record<string, string>>;
}

/** The files themselves, in a directory or an archive. */
export interface FilesOutput {
  readonly kind: 'local' | 'tar';
  /** Path; `-` for standard output, which is no terminal. */
  readonly destination: string;
}

/** How layers are written. */
export interface LayerOptions {
  readonly compression: 'gzip' | 'zstd' | 'none';
  readonly level: number | undefined;
  /** Layers of base images are compressed anew. */
  readonly force: boolean;
  /** No file is younger than the time of SOURCE_DATE_EPOCH. */
  readonly rewriteTimestamp: boolean;
}
