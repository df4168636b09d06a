/** A place in a text. `line` and `column` are 1-based, `offset` is 0-based; columns and offsets count UTF-16 units. */
export interface Position {
  readonly line: number;
  readonly column: number;
  readonly offset: number;
}

/**
 * A named text that diagnostics can point into.
 *
 * Lines end at `\n`, as BuildKit and every editor count them; a `\r` before it belongs to the line.
 */
export class Source {
  /** What the user calls the text, usually a path; `-` for standard input. */
  readonly name: string;
  readonly text: string;
  #lineStarts: readonly number[] | undefined;

  constructor(name: string, text: string) {
    this.name = name;
    this.text = text;
  }

  /** Number of lines; a trailing newline does not start another one. */
  get lineCount(): number {
    const starts = this.#starts();
    const last = starts.at(-1) ?? 0;
    return last === this.text.length && starts.length > 1 ? starts.length - 1 : starts.length;
  }

  /** Line, column and offset of an offset, which is clamped to the text. */
  position(offset: number): Position {
    const clamped = Math.min(Math.max(offset, 0), this.text.length);
    const line = this.lineAt(clamped);
    return { line, column: clamped - this.lineStart(line) + 1, offset: clamped };
  }

  /** The 1-based line that holds an offset. */
  lineAt(offset: number): number {
    const starts = this.#starts();
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return low + 1;
  }

  /** Offset of the first character of a 1-based line. */
  lineStart(line: number): number {
    return this.#starts()[line - 1] ?? this.text.length;
  }

  /** The text of a 1-based line without its line ending; empty beyond the last line. */
  line(line: number): string {
    const starts = this.#starts();
    const start = starts[line - 1];
    if (start === undefined) return '';
    const end = starts[line] ?? this.text.length + 1;
    return this.text.slice(start, end - 1).replace(/\r$/, '');
  }

  #starts(): readonly number[] {
    if (this.#lineStarts) return this.#lineStarts;
    const starts = [0];
    for (let at = this.text.indexOf('\n'); at >= 0; at = this.text.indexOf('\n', at + 1)) starts.push(at + 1);
    return (this.#lineStarts = starts);
  }
}

/** A half-open range `[start, end)` of a source, in UTF-16 offsets. */
export interface Span {
  readonly source: Source;
  readonly start: number;
  readonly end: number;
}

/** The smallest span that holds both. */
export function joinSpans(first: Span, second: Span): Span {
  return {
    source: first.source,
    start: Math.min(first.start, second.start),
    end: Math.max(first.end, second.end),
  };
}

/** The whole of some lines, 1-based and both included, without the last line ending. */
export function lineSpan(source: Source, first: number, last: number): Span {
  const start = source.lineStart(first);
  return { source, start, end: source.lineStart(last) + source.line(last).length };
}
