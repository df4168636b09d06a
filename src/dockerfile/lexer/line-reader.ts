import type moo from 'moo';
import type { Source } from '../../diagnostic/source.ts';
import { problem, type Problem } from '../problem.ts';
import type { Comment, Directive, Escape } from '../parser/ast.ts';
import { encodedLength } from './decode.ts';
import { DirectiveReader, directiveProblem } from './directives.ts';
import { startLineLexer, type LineTokenType } from './line-lexer.ts';
import type { LogicalLine, Segment } from './logical-line.ts';
import { skipSpace, trimSpace } from './whitespace.ts';

/** Longest physical line in bytes, without its line ending; BuildKit's limit. */
export const longestLine = 65535;

interface PhysicalLine {
  readonly type: Exclude<LineTokenType, 'newline'>;
  /** Without line ending. */
  readonly text: string;
  readonly offset: number;
}

/** The lines of a heredoc up to its delimiter. */
export interface HeredocBody {
  readonly content: string;
  /** Offset of the content in the source. */
  readonly start: number;
  /** The file ended before the delimiter came. */
  readonly unterminated: boolean;
}

/** Reads a Dockerfile as a sequence of logical lines, and heredocs where the parser asks for one. */
export class LineReader {
  readonly directives: Directive[] = [];
  /** Of directives. */
  readonly problems: Problem[] = [];
  /** The line, if any, that is too long to go on. */
  overlong: Problem | undefined;
  readonly #source: Source;
  readonly #lexer: moo.Lexer;
  /** Behind a byte order mark. */
  readonly #textStart: number;
  readonly #directiveReader: DirectiveReader;
  #nextOffset = 0;
  #escape: Escape = '\\';
  #lineNumber = 0;
  #stopped = false;
  #comments: Comment[] = [];

  constructor(source: Source) {
    this.#source = source;
    this.#textStart = source.text.startsWith('\ufeff') ? 1 : 0;
    this.#lexer = startLineLexer(source.text.slice(this.#textStart));
    // Nothing but a byte order mark is a line nevertheless.
    if (source.text === '\ufeff') this.#lineNumber = 1;
    this.#directiveReader = new DirectiveReader(source);
  }

  /** What escapes a character and continues a line. */
  get escape(): Escape {
    return this.#escape;
  }

  /** 1-based number of the line read last. */
  get lineNumber(): number {
    return this.#lineNumber;
  }

  /** The next logical line, or nothing at the end of the file. */
  next(): LogicalLine | undefined {
    for (let line = this.#read(); line; line = this.#read()) {
      const start = skipSpace(line.text);
      if (line.type !== 'text') this.#comment(line, start);
      else this.#directiveReader.read(line.offset + start, line.offset + line.text.length);
      if (line.type === 'text') return this.#join(line, start);
    }
    return undefined;
  }

  /** Reads on to a line that is the delimiter; with `chomp` tabs may stand before it. */
  heredoc(delimiter: string, chomp: boolean): HeredocBody {
    const start = this.#nextOffset;
    for (let line = this.#read(); line; line = this.#read()) {
      const text = line.text.slice(0, endWithoutReturns(line.text, 0));
      if ((chomp ? text.replace(/^\t+/, '') : text) === delimiter) {
        return { content: this.#source.text.slice(start, line.offset), start, unterminated: false };
      }
    }
    return { content: this.#source.text.slice(start), start, unterminated: true };
  }

  /** The comments gathered since the last call, for the instruction below them. */
  #takeComments(): readonly Comment[] {
    const comments = this.#comments;
    this.#comments = [];
    return comments;
  }

  #join(first: PhysicalLine, indent: number): LogicalLine {
    const firstLine = this.#lineNumber;
    const comments = this.#takeComments();
    const blankLines: number[] = [];
    const parts: string[] = [];
    const segments: Segment[] = [];
    let length = 0;
    /** Whether another line follows. */
    const append = (line: PhysicalLine, from: number): boolean => {
      const to = continuationStart(line.text, from, this.#escape);
      const part = line.text.slice(from, to ?? endWithoutReturns(line.text, from));
      if (part !== '') segments.push({ start: length, sourceStart: line.offset + from });
      parts.push(part);
      length += part.length;
      return to !== undefined;
    };
    let isContinued = append(first, indent);
    for (let line = isContinued && this.#read(); line; line = isContinued && this.#read()) {
      if (line.type === 'blank') blankLines.push(this.#lineNumber);
      else if (line.type === 'text') isContinued = append(line, 0);
    }
    if (segments.length === 0) segments.push({ start: 0, sourceStart: first.offset + indent });
    const text = parts.length === 1 ? (parts[0] ?? '') : parts.join('');
    return { source: this.#source, text, segments, lines: [firstLine, this.#lineNumber], comments, blankLines };
  }

  #comment(line: PhysicalLine, start: number): void {
    if (line.type === 'comment') {
      // An indented `#` stays part of the comment's text, as in BuildKit, which drops the first character whatever it is.
      const value = trimSpace(line.text.slice(1));
      if (value === '') this.#comments = [];
      else this.#comments.push({ value, span: this.#span(line) });
    }
    const read = this.#directiveReader.read(line.offset + start, line.offset + endWithoutReturns(line.text, start));
    if (read.kind === 'problem') this.problems.push(read.problem);
    if (read.kind !== 'directive') return;
    this.#comments.pop();
    this.directives.push(read.directive);
    if (read.directive.name === 'escape') this.#setEscape(read.directive);
  }

  #setEscape({ value, span }: Directive): void {
    if (value === '\\' || value === '`') this.#escape = value;
    else {
      const message = `invalid escape token '${value}' does not match \` or \\`;
      this.problems.push(
        directiveProblem('escape-invalid', message, span, 'use \\ (the default) or ` as the escape character'),
      );
    }
  }

  #span(line: PhysicalLine): Comment['span'] {
    return { source: this.#source, start: line.offset, end: line.offset + endWithoutReturns(line.text, 0) };
  }

  #read(): PhysicalLine | undefined {
    const token = this.#stopped ? undefined : this.#lexer.next();
    if (!token) {
      this.#stopped = true;
      return undefined;
    }
    const empty = token.type === 'newline';
    const line = {
      type: empty ? 'blank' : (token.type as PhysicalLine['type']),
      text: empty ? '' : token.value,
      offset: token.offset + this.#textStart,
    };
    if (this.#isTooLong(line)) return undefined;
    this.#lineNumber++;
    if (!empty) this.#lexer.next();
    this.#nextOffset = Math.min(line.offset + line.text.length + 1, this.#source.text.length);
    return line;
  }

  /** BuildKit reads no further than the first overlong line. */
  #isTooLong({ text, offset }: PhysicalLine): boolean {
    const mark = this.#lineNumber === 0 ? this.#source.text.slice(0, offset) : ''; // a byte order mark counts
    if ((text.length + mark.length) * 3 <= longestLine || encodedLength(mark + text) <= longestLine) return false;
    this.#stopped = true;
    const span = { source: this.#source, start: offset, end: offset + text.length };
    const lines = [this.#lineNumber, this.#lineNumber] as const;
    const message = `dockerfile line greater than max allowed size of ${longestLine}`;
    this.overlong = problem('line-too-long', message, { span, lines, hint: 'break the line with a continuation' });
    return true;
  }
}

function endWithoutReturns(text: string, from: number): number {
  let end = text.length;
  while (end > from && text.charAt(end - 1) === '\r') end--;
  return end;
}

/**
 * Where the continuation of a line begins, if it is continued: an escape character that no other one precedes, with at most
 * blanks and tabs behind it.
 */
export function continuationStart(text: string, from: number, escape: Escape): number | undefined {
  let end = endWithoutReturns(text, from);
  while (end > from && (text.charAt(end - 1) === ' ' || text.charAt(end - 1) === '\t')) end--;
  if (end <= from || text.charAt(end - 1) !== escape) return undefined;
  return end - 1 > from && text.charAt(end - 2) === escape ? undefined : end - 1;
}
