import { printable } from '../../diagnostic/printable.ts';

/** A text as one line that is safe to show: white space is one space, and what is too long for `most` characters is cut. */
export function oneLine(text: string, most = Infinity): string {
  const line = printable(text.trim().replace(/\s+/g, ' '));
  const characters = Array.from(line);
  return characters.length <= most
    ? line
    : `${characters
        .slice(0, most - 1)
        .join('')
        .trimEnd()}…`;
}
