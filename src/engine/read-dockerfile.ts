import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { isKilnError, KilnError } from '../diagnostic/kiln-error.ts';
import { Source } from '../diagnostic/source.ts';
import { readIgnorePatterns } from '../dockerfile/ignore/ignore-file.ts';
import { createIgnoreMatcher, type IgnoreMatcher } from '../dockerfile/ignore/matcher.ts';
import { decodeText } from '../dockerfile/lexer/decode.ts';
import { systemReason } from '../system/system-error.ts';
import { readPath } from './read-all.ts';

/** A Dockerfile and what is kept out of its context. */
export interface DockerfileInput {
  readonly source: Source;
  /** Undefined without an ignore file. */
  readonly ignore: IgnoreMatcher | undefined;
}

export interface ReadOptions {
  /** Path of the file; `-` is `stdin`. */
  readonly file: string;
  /** The build context; its ignore file counts. Absent if there is none. */
  readonly context: string | undefined;
  /** Content of standard input, for `-`. */
  readonly stdin: () => Uint8Array;
}

/**
 * Reads a Dockerfile. Where there is no `Dockerfile`, a `dockerfile` will do.
 *
 * Throws KilnError `engine/dockerfile-unreadable`, `engine/input-too-large`, `engine/ignore-unreadable`, `ignore/...`.
 */
export function readDockerfile({ file, context, stdin }: ReadOptions): DockerfileInput {
  const path = file === '-' ? file : existingName(file);
  const bytes = path === '-' ? stdin() : readFile(path);
  return {
    source: new Source(path, decodeText(bytes)),
    ignore: context === undefined ? undefined : readIgnore(path, context),
  };
}

function existingName(path: string): string {
  const lower = join(dirname(path), 'dockerfile');
  return basename(path) === 'Dockerfile' && !existsSync(path) && existsSync(lower) ? lower : path;
}

function readFile(path: string): Uint8Array {
  try {
    return readPath(path);
  } catch (cause) {
    if (isKilnError(cause)) throw cause;
    throw new KilnError('engine/dockerfile-unreadable', `failed to read dockerfile: open ${path}: ${reasonOf(cause)}`, {
      hint: 'is that the right path?',
      cause,
    });
  }
}

/** `<Dockerfile>.dockerignore` beside the file counts before `.dockerignore` in the context. */
export function readIgnore(file: string, context: string): IgnoreMatcher | undefined {
  const own = file === '-' ? [] : [join(dirname(file), `${basename(file)}.dockerignore`)];
  for (const path of [...own, join(context, '.dockerignore')]) {
    const bytes = readIfThere(path);
    if (!bytes) continue;
    const patterns = readIgnorePatterns(new Source(path, decodeText(bytes)));
    return patterns.length === 0 ? undefined : createIgnoreMatcher(patterns);
  }
  return undefined;
}

function readIfThere(path: string): Uint8Array | undefined {
  try {
    return readPath(path);
  } catch (cause) {
    if (isErrno(cause, 'ENOENT') || isErrno(cause, 'ENOTDIR')) return undefined;
    throw new KilnError('engine/ignore-unreadable', `failed to read ${path}: ${reasonOf(cause)}`, { cause });
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'no such file or directory',
  ENOTDIR: 'not a directory',
  EISDIR: 'is a directory',
  EACCES: 'permission denied',
  ELOOP: 'too many levels of symbolic links',
  ENAMETOOLONG: 'file name too long',
  ENOSPC: 'no space left on device',
  EIO: 'input/output error',
  EROFS: 'read-only file system',
  EBADF: 'it is closed',
};

/** Why a system call failed, in the system's words. */
export function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (reasons[code] !== undefined) return reasons[code];
  if (!(error instanceof Error)) return String(error);
  return 'syscall' in error ? systemReason(error) : error.message;
}

function isErrno(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
