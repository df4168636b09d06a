import { isKilnError, KilnError } from '../../diagnostic/kiln-error.ts';

/** Which layer was unpacked. */
export interface UnpackedLayer {
  /** Of the blob. */
  readonly digest: string;
  /** Where the blob is. */
  readonly path: string;
  /** The image that it belongs to, as the Dockerfile names it; undefined if nothing in this build has named it. */
  readonly reference: string | undefined;
}

const damages: ReadonlySet<string> = new Set(['layer/broken', 'layer/wrong-content', 'layer/broken-link']);

/** What unpacking a layer throws; damage becomes KilnError `engine/damaged-layer`, with the names of what is damaged. */
export function explainDamagedLayer(cause: unknown, { digest, path, reference }: UnpackedLayer): unknown {
  if (!isKilnError(cause) || !damages.has(cause.code)) return cause;
  const image = reference === undefined ? 'a base image' : reference;
  return new KilnError('engine/damaged-layer', `layer ${digest} of ${image} is damaged, in ${path}: ${cause.message}`, {
    cause,
    hint: `remove ${path}, and load the image again, or build with --pull`,
  });
}
