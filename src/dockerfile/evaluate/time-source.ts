/** Where the time of SOURCE_DATE_EPOCH comes from, if it is no number. */
export type TimeSource =
  /** The build context, `context`, or one that `--build-context` names. */
  | { readonly kind: 'context'; readonly name: string }
  /** What a stage adds from the web or from git. */
  | {
      readonly kind: 'add';
      readonly stage: string;
      readonly url: string;
      /** Empty for any. */
      readonly checksum: string;
      readonly keepGitDir: boolean | undefined;
    };
