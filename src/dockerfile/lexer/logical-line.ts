import type { Source, Span } from '../../diagnostic/source.ts';
import type { Comment } from '../parser/ast.ts';
import type { LineRange } from '../problem.ts';

/** Where a stretch of a logical line stands in the source. */
export interface Segment {
  /** Offset in the logical line. */
  readonly start: number;
  /** Offset in the source. */
  readonly sourceStart: number;
}

/** One instruction's text: its lines joined, without the continuation characters and what is dropped between them. */
export interface LogicalLine {
  readonly source: Source;
  readonly text: string;
  /** In order; the first starts at 0. */
  readonly segments: readonly Segment[];
  readonly lines: LineRange;
  readonly comments: readonly Comment[];
  /** 1-based numbers of blank lines inside the continuation. */
  readonly blankLines: readonly number[];
}

/** Maps offsets of a logical line to its source; asked in rising order, all questions together take linear time. */
export class SpanMapper {
  readonly #line: LogicalLine;
  #segment = 0;

  constructor(line: LogicalLine) {
    this.#line = line;
  }

  /** The span of `[start, end)`. An empty range has an empty span. */
  span(start: number, end: number): Span {
    const first = this.#offset(start);
    return { source: this.#line.source, start: first, end: end > start ? this.#offset(end - 1) + 1 : first };
  }

  #offset(at: number): number {
    const { segments } = this.#line;
    while (this.#segment > 0 && (segments[this.#segment]?.start ?? 0) > at) this.#segment--;
    for (let next = segments[this.#segment + 1]; next && next.start <= at; next = segments[this.#segment + 1])
      this.#segment++;
    const segment = segments[this.#segment];
    return segment ? segment.sourceStart + at - segment.start : 0;
  }
}
