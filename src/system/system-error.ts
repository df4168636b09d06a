import { getSystemErrorMap } from 'node:util';
import { errno } from './c-library.ts';

/** A system call that the kernel refused; looks like the errors of `node:fs`. */
export class SystemError extends Error {
  override readonly name = 'SystemError';
  /** The name of the error, such as `EPERM`. */
  readonly code: string;
  /** Its number, positive. */
  readonly errno: number;
  /** The system call, such as `mount`. */
  readonly syscall: string;
  /** What it was called on. */
  readonly path?: string;

  constructor(number: number, syscall: string, path?: string) {
    const [code, text] = getSystemErrorMap().get(-number) ?? [`E${number}`, 'unknown error'];
    super(`${code}: ${text}, ${syscall}${path === undefined ? '' : ` '${path}'`}`);
    this.code = code;
    this.errno = number;
    this.syscall = syscall;
    if (path !== undefined) this.path = path;
  }
}

/** Whether it is an error of the kernel with one of these names, thrown here or by `node:fs`. */
export function isSystemError(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code));
}

/** The result of a C function; a {@link SystemError} if it is negative. */
export function checked(result: number, syscall: string, path?: string): number {
  if (result < 0) throw new SystemError(errno(), syscall, path);
  return result;
}

/** Go's words where Node has others. */
const reasons: Readonly<Record<string, string>> = {
  EEXIST: 'file exists',
  EISDIR: 'is a directory',
  ENAMETOOLONG: 'file name too long',
  ENOSPC: 'no space left on device',
  ETXTBSY: 'text file busy',
};

/** Errors of disks that Node has no names for. */
const unnamed: Readonly<Record<number, { readonly code: string; readonly text: string }>> = {
  117: { code: 'EUCLEAN', text: 'structure needs cleaning' },
  74: { code: 'EBADMSG', text: 'bad message' },
};

/** What `rmSync` says without a code. */
const said: Readonly<Record<string, string>> = {
  'Read-only file system': 'EROFS',
  'Input/output error': 'EIO',
  'No space left on device': 'ENOSPC',
  'Structure needs cleaning': 'EUCLEAN',
  'Bad message': 'EBADMSG',
};

/** The name of an error of the kernel, such as `EIO`, also where Node does not know it; empty if nobody does. */
export function systemCode(error: Error): string {
  const number = 'errno' in error ? Math.abs(Number(error.errno)) : 0;
  const [, text = ''] = /Unknown error: ([^']*?)(?: '|$)/.exec(error.message) ?? [];
  return unnamed[number]?.code ?? said[text] ?? ('code' in error ? String(error.code) : '');
}

/** Whether a disk has failed: it cannot be read or written, or what is there cannot be so. */
export function isDiskError(error: unknown): error is Error {
  return error instanceof Error && ['EIO', 'EUCLEAN', 'EBADMSG'].includes(systemCode(error));
}

/** Why the kernel refused something, without the path that it was about: `permission denied`. */
export function systemReason(error: Error): string {
  const code = systemCode(error);
  const number = 'errno' in error ? Number(error.errno) : 0;
  const named = Object.values(unnamed).find((one) => one.code === code);
  if (named) return named.text;
  const known = [...getSystemErrorMap().values()].find(([name]) => name === code);
  return reasons[code] ?? known?.[1] ?? getSystemErrorMap().get(-Math.abs(number))?.[1] ?? error.message;
}
