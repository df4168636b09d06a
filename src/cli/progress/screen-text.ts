/**
 * What a terminal would show of some output, line by line: carriage returns and backspaces overwrite, lines can be erased,
 * tabs move on; colours, cursor movements and all other control sequences are left out.
 */
export function screenLines(text: string): readonly string[] {
  const marked = text.replace(/[\x00\x01]/g, '').replace(controlSequence, keepErasure);
  return marked.split('\n').map(screenLine);
}

/** CSI, OSC and its like up to their end or that of the line, two-character escapes, and what is cut off at the end. */
const controlSequence =
  /(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]?|\x1b[\]PX^_][^\x07\x1b\n]*(?:\x07|\x1b\\)?|\x1b[ -/]*[0-~]?/g;

/** Stands for "erase to the end of the line", and for "erase the line". */
const eraseRest = '\x00';
const eraseLine = '\x01';

function keepErasure(sequence: string): string {
  if (/^(?:\x1b\[|\x9b)0?K$/.test(sequence)) return eraseRest;
  return /^(?:\x1b\[|\x9b)2K$/.test(sequence) ? eraseLine : '';
}

const plainLine = /^[^\x00-\x1f\x7f-\x9f]*$/;

function screenLine(line: string): string {
  if (plainLine.test(line)) return line;
  let cells: string[] = [];
  let column = 0;
  for (const character of line) {
    if (character === '\r') column = 0;
    else if (character === '\b') column = Math.max(0, column - 1);
    else if (character === eraseRest) cells = cells.slice(0, column);
    else if (character === eraseLine) cells = [];
    else {
      const shown = character === '\t' ? ' '.repeat(8 - (column % 8)) : control.test(character) ? '' : character;
      for (const cell of shown) cells[column++] = cell;
    }
  }
  return Array.from(cells, (cell: string | undefined) => cell ?? ' ').join('');
}

const control = /[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]/;
