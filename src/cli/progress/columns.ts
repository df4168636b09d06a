import { lazy } from '../../spec/lazy.ts';

const zeroWidth = lazy(() => /^(?:\p{Mn}|\p{Me}|\p{Cf})$/u);
const wide = lazy(
  () =>
    /^[\p{Emoji_Presentation}\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]$/u,
);
const narrow = /^[\x20-\x7e]*$/;

function columnsOf(character: string): number {
  if (character <= '\x7e') return 1;
  return zeroWidth().test(character) ? 0 : wide().test(character) ? 2 : 1;
}

/** How many columns of a terminal a line takes that has no control characters. */
export function columnCount(text: string): number {
  if (narrow.test(text)) return text.length;
  let count = 0;
  for (const character of text) count += columnsOf(character);
  return count;
}

/** A line in pieces of so many columns at most; one piece if it is empty. */
export function wrapColumns(text: string, width: number): readonly string[] {
  const rows: string[] = [];
  let row = '';
  let used = 0;
  for (const character of text) {
    const columns = columnsOf(character);
    if (used + columns > width && row !== '') {
      rows.push(row);
      [row, used] = ['', 0];
    }
    row += character;
    used += columns;
  }
  return [...rows, row];
}

/** The beginning of a line, as much as fits into so many columns. */
export function cutColumns(text: string, width: number): string {
  if (width <= 0) return '';
  return columnCount(text) <= width ? text : (wrapColumns(text, width)[0] ?? '');
}
