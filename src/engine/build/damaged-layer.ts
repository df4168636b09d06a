import { isKilnError, KilnError } from '../../diagnostic/kiln-error.ts';

/** Which layer was unpacked. */
export interface UnpackedLayer {
  /** Of the blob. */
  readonly digest: string;
  /** Where the blob is. */
  readonly path: string;
  /** The image that it belongs to, as the Dockerfile names it; undefined for the layer of a step. */
  readonly reference: string | undefined;
}

const damages: ReadonlySet<string> = new Set(['layer/broken', 'layer/wrong-content', 'layer/broken-link']);

/** What unpacking a layer throws; damage becomes KilnError `engine/damaged-layer`, with the names of what is damaged. */
export function explainDamagedLayer(cause: unknown, { digest, path, reference }: UnpackedLayer): unknown {
  if (!isKilnError(cause) || !damages.has(cause.code)) return cause;
  const owner = reference === undefined ? '' : ` of ${reference}`;
  return new KilnError('engine/damaged-layer', `layer ${digest}${owner} is damaged, in ${path}: ${cause.message}`, {
    cause,
    hint:
      reference === undefined
        ? 'kiln store check --repair removes it; the step that it is of is run again then'
        : `remove ${path}, and load the image again, or build with --pull`,
  });
}
