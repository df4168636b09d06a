import { constants } from 'node:os';
import { fromBytes, toBytes } from '../spec/byte-string.ts';
import { cFunction, errno } from './c-library.ts';
import { cPath } from './c-path.ts';
import type { CallBatch } from './call-batch.ts';
import { answerSize, callForEach, type Answers, type PathCalls } from './call-for-each.ts';
import { checked } from './system-error.ts';

const { ENODATA, ENOTSUP, ERANGE } = constants.errno;

const listCall = cFunction('long llistxattr(const char *, _Out_ uint8_t *, size_t)');
const getCall = cFunction('long lgetxattr(const char *, const char *, _Out_ uint8_t *, size_t)');
const setCall = cFunction('int lsetxattr(const char *, const char *, const uint8_t *, size_t, int)');
const removeCall = cFunction('int lremovexattr(const char *, const char *)');

/** More than this the kernel does not give (XATTR_SIZE_MAX, XATTR_LIST_MAX). */
const largest = 65536;
const none: readonly string[] = [];
/** What nearly always is enough. The kernel takes memory for all that it is given room for, which takes longer than looking. */
const usual = 512;
/** One buffer for all: calls are synchronous, and what is returned is a copy. */
let buffer: Buffer | undefined;

/** The names of the extended attributes of a file, in the order of the kernel; none where there can be none. */
export function listXattrs(path: string): readonly string[] {
  const host = cPath(path);
  const { size, bytes } = fill((room, length) => listCall(host, room, length));
  if (size === 0 || (size < 0 && errno() === ENOTSUP)) return none;
  return splitNames(bytes.toString('utf8', 0, checked(size, 'llistxattr', path)));
}

/** {@link listXattrs} of many files, in their order. */
export function listXattrsOfAll(paths: readonly string[]): readonly (readonly string[])[] {
  return callForEach(paths.map(callPath), listNames);
}

const listNames: PathCalls<string | Uint8Array, readonly string[]> = {
  count: 1,
  add: addXattrNames,
  read: readXattrNames,
  alone: (path) => listXattrs(typeof path === 'string' ? path : fromBytes(path)),
};

/** Adds an llistxattr(2) of a path, of which {@link readXattrNames} reads the answer. */
export function addXattrNames(batch: CallBatch, path: number, room: number): void {
  batch.add('llistxattr', path, [room, answerSize]);
}

/** Undefined if it failed, or there were too many. */
export function readXattrNames(
  { result, bytes }: Answers,
  call: number,
): { readonly answer: readonly string[] } | undefined {
  const size = result(call);
  if (size === 0 || size === -ENOTSUP) return { answer: none };
  if (size < 0) return undefined;
  return { answer: splitNames(Buffer.from(bytes.buffer, call * answerSize, size).toString()) };
}

function callPath(path: string): string | Uint8Array {
  return path.isWellFormed() ? path : toBytes(path);
}

function splitNames(names: string): readonly string[] {
  return names.split('\0').slice(0, -1);
}

/** The value of an extended attribute, or undefined if the file does not have it. Follows no final symlink. */
export function getXattr(path: string, name: string): Buffer | undefined {
  const host = cPath(path);
  const { size, bytes } = fill((room, length) => getCall(host, name, room, length));
  if (size < 0 && [ENODATA, ENOTSUP].includes(errno())) return undefined;
  return Buffer.from(bytes.subarray(0, checked(size, 'lgetxattr', path)));
}

/** What a call puts into the buffer, which is given less room first. */
function fill(call: (room: Buffer, length: number) => number): { readonly size: number; readonly bytes: Buffer } {
  buffer ??= Buffer.alloc(largest);
  const size = call(buffer, usual);
  return { size: size < 0 && errno() === ERANGE ? call(buffer, largest) : size, bytes: buffer };
}

/** Sets an extended attribute, whether the file has it or not. Follows no final symlink. */
export function setXattr(path: string, name: string, value: Uint8Array): void {
  checked(setCall(cPath(path), name, value, value.byteLength, 0), 'lsetxattr', path);
}

/** Removes an extended attribute; a `SystemError` ENODATA if the file does not have it. Follows no final symlink. */
export function removeXattr(path: string, name: string): void {
  checked(removeCall(cPath(path), name), 'lremovexattr', path);
}
