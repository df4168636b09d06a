import { KilnError } from '../diagnostic/kiln-error.ts';

/** `overlay` mounts layers, `copy` copies them. */
export type SnapshotterKind = 'overlay' | 'copy';

/**
 * What the user asks for with `KILN_SNAPSHOTTER`; undefined for what the machine can do.
 *
 * Throws KilnError `snapshot/unknown-snapshotter`.
 */
export function parseSnapshotterKind(text: string | undefined): SnapshotterKind | undefined {
  if (text === undefined || text === '') return undefined;
  if (text === 'overlay' || text === 'copy') return text;
  throw new KilnError('snapshot/unknown-snapshotter', `there is no snapshotter ${JSON.stringify(text)}`, {
    hint: 'KILN_SNAPSHOTTER is overlay or copy; leave it out for what the machine can do',
  });
}
