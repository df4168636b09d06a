import { noXattrs } from '../spec/tar/entry.ts';
import type { TarWriter } from '../layer/tar-writer.ts';
import { writeTree } from '../layer/write-layer.ts';
import { platformFolder } from './file-tree.ts';
import type { FileTree, TreeOptions } from './file-tree.ts';
import { writeTarFile } from './output-file.ts';
import type { Destination } from './output-file.ts';

/** Before every time that a file can have. Nanoseconds. */
const always = -(2n ** 63n);

/** Writes file systems to a tar. Throws KilnError `export/write-failed`. */
export async function exportTar(
  trees: readonly FileTree[],
  destination: Destination,
  { split, epoch, signal }: TreeOptions,
): Promise<void> {
  const clampMtime = epoch === undefined ? undefined : { since: always, to: epoch };
  const fill = async (tar: TarWriter): Promise<void> => {
    for (const { root, platform } of trees) {
      const folder = platformFolder(platform);
      if (split) {
        const mtimeNs = BigInt(epoch ?? 0) * 1_000_000_000n;
        await tar.header({ kind: 'directory', path: folder, mode: 0o755, uid: 0, gid: 0, mtimeNs, xattrs: noXattrs });
      }
      await writeTree({ directories: [root], parent: [], clampMtime, signal }, tar, split ? `${folder}/` : '');
    }
  };
  await writeTarFile(destination, fill, signal);
}
