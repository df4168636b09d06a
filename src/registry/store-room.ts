import { KilnError } from '../diagnostic/kiln-error.ts';
import type { Descriptor } from '../spec/descriptor.ts';
import { formatReference, type Reference } from '../spec/reference.ts';
import type { BlobStore } from './blob-store.ts';

export interface RoomRequest {
  readonly reference: Reference;
  readonly store: BlobStore;
}

/**
 * Makes sure that there is room for blobs before any of them is fetched: sizes are what somebody else has written.
 *
 * Throws KilnError `registry/no-room`.
 *
 * @param of `free` bytes for what is fetched now, all the disk has (`total`) for what may be there already, in another form
 */
export function checkRoom(
  { reference, store }: RoomRequest,
  blobs: readonly Pick<Descriptor, 'digest' | 'size'>[],
  of: 'free' | 'total',
): void {
  const room = store.room?.()?.[of];
  // One blob may be several layers.
  const sizes = new Map(blobs.map(({ digest, size }) => [digest, size]));
  const needed = [...sizes.values()].reduce((sum, size) => sum + size, 0);
  if (room === undefined || needed <= room) return;
  const what = sizes.size === 1 ? `${blobs[0]?.digest ?? ''} has` : `its ${sizes.size} layers have`;
  const has = of === 'free' ? `${room} bytes free` : `${room} bytes in all`;
  const message = `${formatReference(reference)}: ${what} ${needed} bytes, the disk of the store has ${has}`;
  throw new KilnError('registry/no-room', message, {
    hint:
      of === 'free'
        ? 'make room on the disk of the store, or name another place with --root or KILN_ROOT'
        : 'is the image what it should be? if so, name a place for the store with --root or KILN_ROOT that has room',
  });
}
