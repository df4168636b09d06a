import { closeSync, mkdirSync, openSync, readdirSync, readFileSync, readSync, rmSync, statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { isKilnError, KilnError } from '../diagnostic/kiln-error.ts';
import type { OwnerSetter } from '../files/attributes.ts';
import { childPath } from '../files/binary-path.ts';
import { copyTree } from '../files/copy-tree.ts';
import { TreeReader } from '../files/tree-reader.ts';
import { defaultUnpackLimits, type UnpackLimits } from '../system/unpack-limits.ts';
import { contextHeaderSize, isContextArchive } from './context-kind.ts';
import { fetchHttp } from './http.ts';
import type { HttpSourceOptions } from './http.ts';
import type { SourceStore } from './source-store.ts';

/**
 * A context that is not a directory of the user. In its directory, files belong to whom they say, and an ignore file has no
 * meaning, as in BuildKit. A git repository is a context, too: `fetchGit` gives its directory.
 */
export type RemoteContext =
  | { readonly kind: 'tree'; readonly directory: string; readonly lastModified?: number | undefined }
  /** All there is, is a Dockerfile; from the web, the directory has it as `context`. */
  | {
      readonly kind: 'dockerfile';
      readonly directory: string;
      readonly dockerfile: Uint8Array;
      /** As the server says: s since 1970. */
      readonly lastModified?: number | undefined;
    };

export interface ContextOptions {
  /** The directory of the context is a temporary one in it. */
  readonly store: Pick<SourceStore, 'temporaryPath'>;
  readonly signal?: AbortSignal | undefined;
  /** Of an archive. The default ones if absent. */
  readonly limits?: UnpackLimits | undefined;
  /** Instead of lchown(2), for files that nobody needs to own. */
  readonly setOwner?: OwnerSetter | undefined;
}

/** Bytes; a Dockerfile that is longer is none. */
const longestDockerfile = 16 << 20;

/** What a file from the web has as a context in its directory. */
const contextName = 'context';

/**
 * The context at a URL: an archive, or a Dockerfile.
 *
 * Throws KilnError `source/context-broken`, `source/too-large`, and as {@link fetchHttp}.
 *
 * @see https://github.com/moby/buildkit/blob/v0.32.0/frontend/dockerui/context.go#L95
 */
export async function fetchHttpContext(
  url: string,
  options: ContextOptions & HttpSourceOptions,
): Promise<RemoteContext> {
  const op = { kind: 'http', url, checksum: '', filename: contextName } as const;
  const { directory, lastModified } = await fetchHttp(op, options);
  const file = join(directory, contextName);
  if (isContextArchive(startOf(file))) return { kind: 'tree', directory: await extract(file, options), lastModified };
  if (statSync(file).size > longestDockerfile) throw tooLarge();
  return { kind: 'dockerfile', directory, dockerfile: readFileSync(file), lastModified };
}

/**
 * The time of the youngest file in an archive, in whole s since 1970; undefined if there is none, or it is no archive.
 *
 * Throws KilnError `source/context-broken`.
 */
export async function archiveTime(file: string, options: ContextOptions): Promise<number | undefined> {
  if (!isContextArchive(startOf(file))) return undefined;
  const directory = await extract(file, options);
  try {
    return youngestFile(directory);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** The time of the youngest file below a directory, in whole s since 1970; undefined if there is none. */
export function youngestFile(directory: string): number | undefined {
  const reader = new TreeReader({ root: directory, kind: 'snapshot' });
  let youngest: bigint | undefined;
  const open = ['/'];
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    for (const { name } of reader.children(path)) {
      const below = childPath(path, name);
      const stat = reader.stat(below);
      if (stat?.isDirectory()) open.push(below);
      else if (stat?.isFile() && (youngest === undefined || stat.mtimeNs > youngest)) youngest = stat.mtimeNs;
    }
  }
  return youngest === undefined ? undefined : Number(youngest / 1_000_000_000n);
}

/**
 * The context that standard input holds: an archive, or a Dockerfile, which then has no context.
 *
 * Throws KilnError `source/context-broken`, `source/too-large`.
 *
 * @see https://docs.docker.com/build/concepts/context/#build-context-from-stdin
 */
export async function readStreamContext(
  stream: AsyncIterable<Uint8Array>,
  options: ContextOptions,
): Promise<RemoteContext> {
  const directory = makeDirectory(options);
  const file = join(directory, contextName);
  await save(stream, file, options);
  if (!isContextArchive(startOf(file))) {
    const dockerfile = readFileSync(file);
    rmSync(file);
    return { kind: 'dockerfile', directory, dockerfile };
  }
  try {
    return { kind: 'tree', directory: await extract(file, options) };
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** Nothing is known of the length, so what is no archive is not taken in forever. */
async function save(
  stream: AsyncIterable<Uint8Array>,
  path: string,
  { signal, limits = defaultUnpackLimits }: ContextOptions,
): Promise<void> {
  await using file = await open(path, 'wx', 0o600);
  let size = 0;
  let isArchive = false;
  for await (const chunk of stream) {
    signal?.throwIfAborted();
    size += chunk.length;
    if (size > limits.bytes) throw tooLong(limits.bytes);
    await file.writeFile(chunk);
    if (isArchive || size <= longestDockerfile) continue;
    isArchive = isContextArchive(startOf(path));
    if (!isArchive) throw tooLarge();
  }
}

/** Unpacks an archive into a directory. */
async function extract(archive: string, options: ContextOptions): Promise<string> {
  const [from, name] = [dirname(archive), basename(archive)];
  const directory = makeDirectory(options);
  try {
    await copyTree({
      ...{ tree: { root: from, kind: 'snapshot' }, source: `/${name}` },
      ...{ root: directory, destination: '/', unpack: 'always', signal: options.signal },
      ...{ setOwner: options.setOwner, limits: options.limits },
    });
    if (isStillPacked(directory, archive)) throw brokenStart();
    return directory;
  } catch (cause) {
    rmSync(directory, { recursive: true, force: true });
    if (!isKilnError(cause)) throw cause;
    const message = `cannot unpack the build context: ${cause.message.replace(/^cannot unpack "[^"]*": /, '')}`;
    throw new KilnError('source/context-broken', message, { cause, hint: contextHint(cause) });
  }
}

/** Advice on ADD does not help here. */
function contextHint({ code, hint }: KilnError): string | undefined {
  return code === 'files/broken-archive' ? undefined : hint;
}

/** What begins as an archive but cannot be read is copied as it is, which is right for ADD. */
function isStillPacked(directory: string, archive: string): boolean {
  const names = readdirSync(directory);
  const copy = statSync(join(directory, basename(archive)), { throwIfNoEntry: false });
  return names.length === 1 && copy?.isFile() === true && copy.size === statSync(archive).size;
}

function brokenStart(): KilnError {
  return new KilnError('source/context-broken', 'the archive is broken at its beginning');
}

function makeDirectory({ store }: ContextOptions): string {
  const path = store.temporaryPath();
  mkdirSync(path, { mode: 0o755 });
  return path;
}

function startOf(path: string): Uint8Array {
  const file = openSync(path, 'r');
  try {
    const start = new Uint8Array(contextHeaderSize);
    return start.subarray(0, readSync(file, start));
  } finally {
    closeSync(file);
  }
}

function tooLong(most: number): KilnError {
  return new KilnError('source/too-large', `the build context is longer than ${most} bytes`, {
    hint: 'if it is meant to be, set KILN_UNPACK_BYTES to a higher limit, or to 0 for none',
  });
}

function tooLarge(): KilnError {
  return new KilnError(
    'source/too-large',
    `the build context is no archive, and longer than ${longestDockerfile} bytes`,
    {
      hint: 'a context that is no directory is a tar, which may be compressed, or a Dockerfile',
    },
  );
}
