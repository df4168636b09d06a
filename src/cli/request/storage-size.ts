import { parseByteSize } from '../../dockerfile/values/byte-size.ts';
import { flagError, parseFlag } from './flag-error.ts';

/** A size such as `512MB` or `20GiB` in bytes; 0 if there is none. Throws KilnError `cli/flag`. */
export function readStorageSize(text: string | undefined, flag: string): number {
  if (text === undefined || text === '') return 0;
  const size = parseFlag(
    () => parseByteSize(text),
    (reason) => `${flag}: ${reason}`,
    'a size is written as 512MB or 20GB',
  );
  if (size < 0) throw flagError(`${flag}: ${text} is too much`);
  return size;
}
