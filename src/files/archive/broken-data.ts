import { ValueError } from '../../spec/value-error.ts';

/** Whether an error says that data is not what it should be: those of node:zlib have codes of zlib and zstd. */
export function isBrokenData(error: unknown): error is Error {
  if (error instanceof ValueError) return true;
  return error instanceof Error && 'code' in error && /^(?:Z_|ZSTD_|ERR_ZLIB)/.test(String(error.code));
}
