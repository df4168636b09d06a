import { printable } from '../../diagnostic/printable.ts';

/** Rows of cells as aligned columns, `padding` blanks between them; the last cell of a row is not padded. */
export function table(content: readonly (readonly string[])[], padding: number): string {
  const rows = content.map((row) => row.map(printable));
  const columns = Math.max(...rows.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.max(...rows.map((row) => width(row[column] ?? ''))),
  );
  const line = (row: readonly string[]) =>
    row.map((cell, column) =>
      column === row.length - 1 ? cell : cell + ' '.repeat((widths[column] ?? 0) - width(cell) + padding),
    );
  return rows.map((row) => `${line(row).join('')}\n`).join('');
}

/** In code points. */
function width(cell: string): number {
  return Array.from(cell).length;
}
