/** What every entry of a tar has. */
interface TarEntryBase {
  /** As the archive has it, a byte string; that of a directory ends without a slash. */
  readonly path: string;
  /** Permissions with setuid, setgid and sticky bits: at most 0o7777. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Last modification, nanoseconds since 1970. */
  readonly mtimeNs: bigint;
  /** Extended attributes by full name, such as `security.capability`. */
  readonly xattrs: ReadonlyMap<string, Uint8Array>;
}

export interface FileEntry extends TarEntryBase {
  readonly kind: 'file';
  /** Bytes of content, which follow. */
  readonly size: number;
}

export interface DirectoryEntry extends TarEntryBase {
  readonly kind: 'directory';
}

export interface SymlinkEntry extends TarEntryBase {
  readonly kind: 'symlink';
  readonly target: string;
}

/** Another name of a file that came before. */
export interface HardLinkEntry extends TarEntryBase {
  readonly kind: 'hard-link';
  /** Path in the archive. */
  readonly target: string;
}

export interface DeviceEntry extends TarEntryBase {
  readonly kind: 'character-device' | 'block-device';
  readonly major: number;
  readonly minor: number;
}

export interface FifoEntry extends TarEntryBase {
  readonly kind: 'fifo';
}

/** One entry of a tar. */
export type TarEntry = FileEntry | DirectoryEntry | SymlinkEntry | HardLinkEntry | DeviceEntry | FifoEntry;

/** The unit of a tar: headers are whole blocks, contents are filled up with zeros. Bytes. */
export const tarBlockSize = 512;

/** How many zeros follow a content of some bytes. */
export function tarPadding(size: number): number {
  return -size & (tarBlockSize - 1);
}

/** For entries without extended attributes. */
export const noXattrs: ReadonlyMap<string, Uint8Array> = new Map();

/** The prefix of extended attributes among PAX records. */
export const xattrPrefix = 'SCHILY.xattr.';

/** The extended attribute with the capabilities of a program: the only one that goes into layers, as with BuildKit. */
export const capabilityName = 'security.capability';
