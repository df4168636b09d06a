import { join } from 'node:path';
import { KilnError } from '../../diagnostic/kiln-error.ts';
import { readDockerfile, type DockerfileInput } from '../../engine/index.ts';
import type { Interruption } from '../interruption.ts';
import { isDirectory } from '../is-directory.ts';
import type { BuildRequest } from '../request/build-request.ts';
import type { Terminal } from '../terminal.ts';

/**
 * The Dockerfile of a build context: a directory, standard input, or what has to be fetched, for which alone the engine that
 * builds is loaded.
 *
 * Throws KilnError `cli/context`, `engine/...`, `source/...`.
 */
export async function readInput(
  request: BuildRequest,
  terminal: Terminal,
  { signal, leave }: Interruption,
): Promise<DockerfileInput> {
  const { context, file } = request;
  const fetch = (stdin: () => Uint8Array) => readElsewhere(request, stdin, signal);
  if (isDirectory(context)) {
    leave();
    return readDockerfile({ file: file ?? join(context, 'Dockerfile'), context, stdin: terminal.stdin });
  }
  if (context === '-') {
    if (file === '-') throw new KilnError('cli/context', "can't use stdin for both build context and dockerfile");
    leave();
    const bytes = terminal.stdin();
    if (isArchive(bytes)) return fetch(() => bytes);
    if (file !== undefined) {
      throw new KilnError('cli/context', 'ambiguous Dockerfile source: both stdin and flag correspond to Dockerfiles');
    }
    return readDockerfile({ file: '-', context: undefined, stdin: () => bytes });
  }
  if (isRemote(context)) return fetch(terminal.stdin);
  const hint = 'the last argument is the build context, usually .';
  throw new KilnError('cli/context', `unable to prepare context: path "${context}" not found`, { hint });
}

async function readElsewhere(
  request: BuildRequest,
  stdin: () => Uint8Array,
  signal: AbortSignal,
): Promise<DockerfileInput> {
  const [{ readRemoteDockerfile }, { engineAgents }] = await Promise.all([
    import('../../engine/build/remote-dockerfile.ts'),
    import('./engine-build-options.ts'),
  ]);
  const { store, context, file, secrets, buildArgs } = request;
  return readRemoteDockerfile({
    ...{ store, context, file, secrets, buildArgs, signal, env: process.env },
    agents: engineAgents(request),
    stdin: { bytes: () => Promise.resolve(stdin()), stream: () => once(stdin()) },
  });
}

// eslint-disable-next-line @typescript-eslint/require-await -- a stream of what is there already
async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** What looks like a URL; the engine knows what it means. */
function isRemote(context: string): boolean {
  return /^[a-z]+:\/\/|^[\w-]+@[a-zA-Z0-9.-]+:|^github\.com\//i.test(context);
}

/** By the first bytes: gzip, bzip2, xz, zstd, tar. */
function isArchive(bytes: Uint8Array): boolean {
  const text = Buffer.from(bytes.subarray(0, 512)).toString('latin1');
  return /^(?:\x1f\x8b|BZh|\xfd7zXZ|\x28\xb5\x2f\xfd)/.test(text) || text.slice(257, 262) === 'ustar';
}
