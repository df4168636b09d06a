import { KilnError } from '../diagnostic/kiln-error.ts';
import { CopySnapshotter } from './copied/copy-snapshotter.ts';
import { OverlaySnapshotter, type OverlayOptions } from './overlay-snapshotter.ts';
import { probeOverlay } from './probe-overlay.ts';
import type { SnapshotterKind } from './snapshotter-kind.ts';
import type { Snapshotter } from './snapshotter.ts';

export interface SnapshotterChoice extends OverlayOptions {
  /** Absent for overlayfs where that can be had, else copies. */
  readonly kind?: SnapshotterKind | undefined;
  /** Why overlayfs is out of the question, if that is known already. */
  readonly noOverlay?: string | undefined;
  /** Told why overlayfs cannot be had where nobody asked for copies: the name of an error. */
  readonly onCopying?: ((reason: string) => void) | undefined;
  /** Removes a temporary directory, once nothing is mounted in it any more. */
  readonly discard: (place: string, unmounted?: Promise<void>) => void;
  /** Stops copying. */
  readonly signal?: AbortSignal | undefined;
}

/** A snapshotter that works where the layers are. Throws KilnError `snapshot/no-overlay`. */
export function chooseSnapshotter(choice: SnapshotterChoice): Snapshotter {
  const { kind, noOverlay, onCopying } = choice;
  if (kind === 'overlay') {
    if (noOverlay === undefined) return new OverlaySnapshotter(choice);
    throw new KilnError('snapshot/no-overlay', `overlayfs cannot be used: the kernel refuses mounts (${noOverlay})`, {
      hint: 'leave KILN_SNAPSHOTTER out, and file systems are copied',
    });
  }
  if (kind === undefined) {
    const reason = noOverlay ?? probe(choice);
    if (reason === undefined) return new OverlaySnapshotter(choice);
    onCopying?.(reason);
  }
  return new CopySnapshotter(choice);
}

function probe({ temporary, discard, userXattr }: SnapshotterChoice): string | undefined {
  const place = temporary();
  return probeOverlay(place, userXattr, (unmounted) => {
    discard(place, unmounted);
  });
}
