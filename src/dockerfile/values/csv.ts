import { byteLength } from '../../spec/byte-string.ts';
import { ValueError } from '../../spec/value-error.ts';

/** One field of a line. `[start, end)` is where it was written, quotes included: UTF-16 offsets into the input. */
export interface CsvField {
  readonly value: string;
  readonly start: number;
  readonly end: number;
}

/**
 * The fields of a single line of comma-separated values, in order; at least one.
 *
 * A field may be in double quotes, where `""` is a quote. One line ending at the end is ignored.
 * Throws a {@link ValueError}: `EOF` for an empty line, else `parse error on line 1, column n: ...` with n in bytes.
 *
 * @see https://pkg.go.dev/github.com/tonistiigi/go-csvvalue#Fields
 */
export function csvFields(text: string): readonly CsvField[] {
  const line = text.replace(/\r?\n$/, '');
  if (line === '') throw new ValueError('EOF');
  const fields: CsvField[] = [];
  let start = 0;
  for (;;) {
    const field = line[start] === '"' ? quotedField(line, start) : plainField(line, start);
    fields.push(field);
    if (field.end === line.length) return fields;
    start = field.end + 1;
  }
}

function plainField(line: string, start: number): CsvField {
  const comma = line.indexOf(',', start);
  const end = comma < 0 ? line.length : comma;
  const value = line.slice(start, end);
  const bare = value.indexOf('"');
  if (bare >= 0) throw parseError(line, start + bare, 'bare " in non-quoted-field');
  return { value, start, end };
}

function quotedField(line: string, start: number): CsvField {
  const parts: string[] = [];
  let from = start + 1;
  for (;;) {
    const close = line.indexOf('"', from);
    if (close < 0) throw parseError(line, from, misplacedQuote);
    parts.push(line.slice(from, close));
    const next = line[close + 1];
    if (next === undefined || next === ',') return { value: parts.join('"'), start, end: close + 1 };
    if (next !== '"') throw parseError(line, close, misplacedQuote);
    from = close + 2;
  }
}

const misplacedQuote = 'extraneous or missing " in quoted-field';

function parseError(line: string, offset: number, reason: string): ValueError {
  const column = byteLength(line.slice(0, offset)) + 1;
  return new ValueError(`parse error on line 1, column ${column}: ${reason}`);
}
