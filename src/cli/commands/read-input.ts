import { join } from 'node:path';
import { KilnError } from '../../diagnostic/kiln-error.ts';
import { readDockerfile, type DockerfileInput } from '../../engine/index.ts';
import { isDirectory } from '../is-directory.ts';
import type { Terminal } from '../terminal.ts';

/** The Dockerfile of a build context that is a directory, or on standard input. Throws KilnError `cli/context`. */
export function readInput(path: string, file: string | undefined, { stdin }: Terminal): DockerfileInput {
  if (path === '-') return readFromStdin(file, stdin);
  if (!isDirectory(path)) {
    const isRemote = /^(?:https?|git|ssh):\/\/|^git@|^github\.com\//.test(path);
    const hint = isRemote
      ? 'contexts from elsewhere are not fetched by this version; clone it first'
      : 'the last argument is the build context, usually .';
    throw new KilnError('cli/context', `unable to prepare context: path "${path}" not found`, { hint });
  }
  return readDockerfile({ file: file ?? join(path, 'Dockerfile'), context: path, stdin });
}

/** With `-` for a context, standard input is the Dockerfile, and there is no context. */
function readFromStdin(file: string | undefined, stdin: () => Uint8Array): DockerfileInput {
  const bytes = stdin();
  if (file === '-') throw new KilnError('cli/context', "can't use stdin for both build context and dockerfile");
  if (isArchive(bytes)) {
    const hint = 'unpack it, and name the directory';
    throw new KilnError('cli/context', 'an archive on standard input is no Dockerfile', { hint });
  }
  if (file !== undefined) {
    throw new KilnError('cli/context', 'ambiguous Dockerfile source: both stdin and flag correspond to Dockerfiles');
  }
  return readDockerfile({ file: '-', context: undefined, stdin: () => bytes });
}

/** By the first bytes: gzip, bzip2, xz, zstd, tar. */
function isArchive(bytes: Uint8Array): boolean {
  const text = Buffer.from(bytes.subarray(0, 512)).toString('latin1');
  return /^(?:\x1f\x8b|BZh|\xfd7zXZ|\x28\xb5\x2f\xfd)/.test(text) || text.slice(257, 262) === 'ustar';
}
