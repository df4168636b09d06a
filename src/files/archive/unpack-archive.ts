import { KilnError } from '../../diagnostic/kiln-error.ts';
import { quote } from '../../spec/quote.ts';
import { TarReader } from '../../spec/tar/tar-reader.ts';
import { UnpackMeter } from '../../system/unpack-limits.ts';
import type { ActionScope } from '../action-scope.ts';
import { toText } from '../binary-path.ts';
import type { Destination } from '../destination.ts';
import type { DiskFiles } from '../disk-files.ts';
import type { Entry } from '../entry.ts';
import { changedError } from '../file-error.ts';
import { isUnchanged } from '../seen-files.ts';
import type { TreeReader } from '../tree-reader.ts';
import { isBrokenData } from './broken-data.ts';
import { EntryUnpacker } from './entry-unpacker.ts';
import { readArchive } from './read-archive.ts';

/** What is unpacked, and where. */
export interface UnpackRequest {
  readonly reader: TreeReader;
  /** The archive. */
  readonly entry: Entry;
  readonly destination: Destination;
  /** Located in the destination; becomes a directory. */
  readonly to: string;
  readonly scope: ActionScope & { readonly files: DiskFiles };
}

/**
 * Unpacks a tar that may be compressed. The directory it goes to is the root for its paths and links: nothing leads out of
 * it. What is in the way is replaced, unless both are directories. Without `--chown`, owners are those of the archive.
 *
 * @throws KilnError `files/broken-archive`, `files/changed`, `system/unpack-limit`
 * @see https://github.com/moby/buildkit/blob/v0.32.0/solver/llbsolver/file/unpack.go
 */
export async function unpackArchive({ reader, entry, destination, to, scope }: UnpackRequest): Promise<void> {
  destination.makeDirectories(to, 0o755, scope.wanted);
  const meter = new UnpackMeter(scope.limits, Number(entry.stat.size));
  const unpacker = new EntryUnpacker(scope.files.below(to), { ...scope, meter });
  const chunks = meter.unpacked(readArchive(reader.hostPath(entry.path)));
  const tar = new TarReader({ [Symbol.asyncIterator]: () => chunks });
  try {
    for (let next = await tar.next(); next; next = await tar.next()) {
      await unpacker.unpack(next, tar);
      if (scope.pacer.isDue) await scope.pacer.rest();
    }
    unpacker.finish();
  } catch (error) {
    if (isBrokenData(error)) throw brokenArchive(entry.path, error);
    throw error;
  } finally {
    await chunks.return();
  }
  const after = reader.tree.kind === 'context' ? reader.statAll(entry.path) : entry.stat;
  if (!after || !isUnchanged(entry.stat, after)) throw changedError(entry.path);
}

function brokenArchive(path: string, cause: Error): KilnError {
  return new KilnError('files/broken-archive', `cannot unpack ${quote(toText(path))}: ${cause.message}`, {
    cause,
    hint: 'ADD --unpack=false, or COPY, takes the file as it is',
  });
}
