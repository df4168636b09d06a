import { lazy } from '../../spec/lazy.ts';
import type { Scan } from './scan.ts';

/** Digits, or one special parameter, or a name; letters and digits are those of Unicode. */
const variableName = lazy(() => /\p{Nd}+|[@*#?$!-]|[\p{L}_][\p{L}\p{Nd}_]*/uy);

/**
 * Reads the name of a variable, which is empty if there is none.
 *
 * @see https://pubs.opengroup.org/onlinepubs/9699919799/utilities/V3_chap02.html#tag_18_05_02
 */
export function takeVariableName(scan: Scan): string {
  const pattern = variableName();
  pattern.lastIndex = scan.at;
  const name = pattern.exec(scan.text)?.[0] ?? '';
  scan.at += name.length;
  return name;
}
