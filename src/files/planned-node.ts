import type { EntryContent } from '../spec/tar/layer-entry.ts';

/** What every file of a plan has; it changes until the plan is written. */
export interface NodeAttributes {
  uid: number;
  gid: number;
  /** The twelve bits of the permissions. */
  bits: number;
  /** Last modification, ns since 1970. */
  timeNs: bigint;
  /** `security.capability`, the only one of the extended attributes that layers keep. */
  capability: Uint8Array | undefined;
}

export interface PlannedDirectory extends NodeAttributes {
  readonly kind: 'directory';
  /** By name, binary; undefined for what is gone. */
  readonly children: Map<string, PlannedNode | undefined>;
  /** Nothing of the layers below shows through. */
  readonly isNew: boolean;
  /** There is a directory in the layers below, which it hides. */
  readonly hides: boolean;
}

export interface PlannedFile extends NodeAttributes {
  readonly kind: 'file';
  /** Bytes. */
  readonly size: number;
  readonly content: EntryContent | undefined;
  /** It stands under several names. */
  isLinked: boolean;
}

export interface PlannedLink extends NodeAttributes {
  readonly kind: 'symlink';
  /** Binary. */
  readonly target: string;
}

export interface PlannedDevice extends NodeAttributes {
  readonly kind: 'character-device' | 'block-device' | 'fifo';
  readonly major: number;
  readonly minor: number;
}

export type PlannedNode = PlannedDirectory | PlannedFile | PlannedLink | PlannedDevice;
