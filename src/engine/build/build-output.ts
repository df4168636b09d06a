/** What to make of the images that were built. */
export type BuildOutput =
  /** Into the store, under some names. */
  | {
      readonly kind: 'store';
      readonly names: readonly string[];
      readonly layers: LayerOutput;
      /** OCI media types, not docker's; undefined for the default of the output. */
      readonly ociMediaTypes: boolean | undefined;
      readonly annotations: Readonly<Record<string, string>>;
    }
  /** An archive or directory in the form of an OCI image layout. */
  | {
      readonly kind: 'oci' | 'docker';
      /** Absolute path; `-` for standard output. */
      readonly destination: string;
      readonly names: readonly string[];
      /** An archive, not a directory. */
      readonly tar: boolean;
      readonly layers: LayerOutput;
      readonly ociMediaTypes: boolean | undefined;
      readonly annotations: Readonly<Record<string, string>>;
    }
  /** The files themselves. */
  | { readonly kind: 'local' | 'tar'; readonly destination: string };

/** How layers are written. */
export interface LayerOutput {
  readonly compression: 'gzip' | 'zstd' | 'none';
  readonly level: number | undefined;
  /** Layers of base images are compressed anew. */
  readonly force: boolean;
  /** No file is younger than the time of SOURCE_DATE_EPOCH. */
  readonly rewriteTimestamp: boolean;
}
