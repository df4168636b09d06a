import { readFileSync } from 'node:fs';

/** What a decoder puts in the place of bytes that are not UTF-8. */
const replacement = '�';

/** The bytes of a variable of this process, which need not be UTF-8. `value` is what Node says that it is. */
export function environmentBytes(name: string, value: string): Uint8Array {
  if (!value.includes(replacement)) return Buffer.from(value);
  const start = Buffer.from(`${name}=`);
  const entry = environmentEntries().find((bytes) => bytes.subarray(0, start.length).equals(start));
  const bytes = entry?.subarray(start.length);
  return bytes?.toString() === value ? bytes : Buffer.from(value);
}

/** `NAME=value`, as they were when the process began. */
function environmentEntries(): readonly Buffer[] {
  const all = readFileSync('/proc/self/environ');
  const entries: Buffer[] = [];
  for (let at = 0; at < all.length;) {
    const end = all.indexOf(0, at);
    entries.push(all.subarray(at, end === -1 ? all.length : end));
    at = end === -1 ? all.length : end + 1;
  }
  return entries;
}
