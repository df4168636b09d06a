import { realpathSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { KilnError } from '../../diagnostic/kiln-error.ts';
import { Source } from '../../diagnostic/source.ts';
import { decodeText } from '../../dockerfile/lexer/decode.ts';
import { parseGitReference } from '../../dockerfile/values/git-reference.ts';
import type { OwnerSetter } from '../../files/attributes.ts';
import { toBinary } from '../../files/binary-path.ts';
import type { Tree } from '../../files/tree.ts';
import { hostPathIn } from '../../ops/selection.ts';
import { gitOp, type GitFlags } from '../../plan/git-op.ts';
import { fetchHttpContext, readStreamContext, youngestFile, type RemoteContext } from '../../source/remote-context.ts';
import { isDirectory } from '../is-directory.ts';
import { readDockerfile, type DockerfileInput } from '../read-dockerfile.ts';
import type { BuildOptions } from './build-options.ts';
import type { Fetching } from './fetching.ts';

/** What is built: a Dockerfile, and the files it may use. */
export interface BuildInput {
  readonly dockerfile: DockerfileInput;
  /** Absent if there are none. */
  readonly context: Tree | undefined;
  /** Of the commit, or of the youngest file if all of them came together: s since 1970. Undefined for a directory. */
  readonly time: () => number | undefined;
}

interface Wanted extends Pick<BuildOptions, 'context' | 'file' | 'stdin' | 'signal' | 'buildArgs'> {
  /** Instead of lchown(2), for files that are only looked at. */
  readonly setOwner?: OwnerSetter | undefined;
}

/**
 * Reads the Dockerfile and finds its context: a directory, an archive or a Dockerfile on standard input or from the web, a
 * git repository.
 *
 * Throws KilnError `engine/context`, `engine/dockerfile-...`, `source/...`.
 */
export async function readBuildInput(wanted: Wanted, fetching: Fetching): Promise<BuildInput> {
  const { context, file, stdin, signal, setOwner } = wanted;
  const { content: store, limits } = fetching;
  if (context === '-') {
    if (file === '-') throw new KilnError('engine/context', "can't use stdin for both build context and dockerfile");
    return remoteInput(
      await readStreamContext(stdin.stream(signal), { store, signal, setOwner, limits }),
      wanted,
      'stdin',
    );
  }
  const git = parseGitReference(context);
  if (git.kind !== 'not-git' && !isDirectory(context)) {
    if (git.kind === 'invalid') throw new KilnError('engine/context', `unable to prepare context: ${git.message}`);
    const { directory, time } = await fetching.git(gitOp(git.reference, gitFlags(wanted)), signal);
    return directoryInput(directory, wanted, () => time);
  }
  if (/^https?:\/\//.test(context)) {
    const remote = await fetchHttpContext(context, { client: fetching.client(), store, signal, setOwner, limits });
    return remoteInput(remote, wanted, context);
  }
  if (!isDirectory(context)) {
    const hint = 'the last argument is the build context, usually .';
    throw new KilnError('engine/context', `unable to prepare context: path "${context}" not found`, { hint });
  }
  const written = await standardInput(wanted);
  const dockerfile = readDockerfile({ file: file ?? join(context, 'Dockerfile'), context, stdin: () => written });
  const { ignore } = dockerfile;
  const root = resolve(context);
  const tree = { root, kind: 'context', hidden: placeIn(root, store.root), ...(ignore && { ignore }) } as const;
  return { dockerfile, context: tree, time: () => undefined };
}

/** Where a store is in a context that it is in: it changes all the time, and nobody means it to be in an image. */
function placeIn(context: string, store: string): string | undefined {
  const place = relative(realpathSync(context), realpathSync(store));
  return place === '' || place.startsWith('..') ? undefined : toBinary(join(context, place));
}

/** Build arguments that say how a repository becomes a context. */
function gitFlags({ buildArgs }: Wanted): GitFlags {
  const keep = buildArgs.get('BUILDKIT_CONTEXT_KEEP_GIT_DIR') ?? '';
  const keepGitDir = /^(?:1|t|true)$/i.test(keep);
  return { ...(keepGitDir && { keepGitDir }), ...(buildArgs.get('SOURCE_DATE_EPOCH') && { mtime: 'commit' }) };
}

/** Empty if it is not asked for. */
async function standardInput({ file, stdin, signal }: Wanted): Promise<Uint8Array> {
  return file === '-' ? stdin.bytes(signal) : new Uint8Array();
}

async function remoteInput(remote: RemoteContext, wanted: Wanted, name: string): Promise<BuildInput> {
  const { kind, directory, lastModified } = remote;
  if (kind === 'tree') return directoryInput(directory, wanted, () => lastModified ?? youngestFile(directory));
  if (wanted.file !== undefined) {
    const message = 'ambiguous Dockerfile source: both stdin and flag correspond to Dockerfiles';
    throw new KilnError('engine/context', message);
  }
  const source = new Source(name, decodeText(remote.dockerfile));
  return { dockerfile: { source, ignore: undefined }, context: undefined, time: () => lastModified };
}

/** A Dockerfile in a directory that is Kiln's own, in which files belong to whom they say. */
async function directoryInput(root: string, wanted: Wanted, time: BuildInput['time']): Promise<BuildInput> {
  const { file = 'Dockerfile' } = wanted;
  const written = await standardInput(wanted);
  // A link in somebody else's repository must not lead to a file of this machine.
  const path = file === '-' ? file : hostPathIn({ root, kind: 'snapshot' }, join('/', file));
  const { source } = readDockerfile({ file: path, context: undefined, stdin: () => written });
  const named = file === '-' ? source : new Source(file, source.text);
  return { dockerfile: { source: named, ignore: undefined }, context: { root, kind: 'snapshot' }, time };
}
