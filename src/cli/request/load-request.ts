/** What `kiln load` is asked to do. */
export interface LoadRequest {
  /** An archive of an OCI layout or of `docker save`, or the directory of a layout; `-` for standard input. */
  readonly input: string;
  /** Absolute path of the store. */
  readonly store: string;
  /** Say nothing of what was loaded. */
  readonly quiet: boolean;
}
