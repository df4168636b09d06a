import type { Source } from '../../diagnostic/source.ts';
import { problem, type Problem } from '../problem.ts';
import type { Directive } from '../parser/ast.ts';
import { skipSpace } from './whitespace.ts';

const namePattern = /([a-zA-Z][a-zA-Z0-9]*)[\t\n\f\r ]*=/y;
const names: readonly Directive['name'][] = ['syntax', 'escape', 'check'];

/** What a line is to a {@link DirectiveReader}. */
export type DirectiveLine =
  | { readonly kind: 'directive'; readonly directive: Directive }
  | { readonly kind: 'problem'; readonly problem: Problem }
  | { readonly kind: 'other' };

/**
 * Reads `# name=value` lines. They count only before the first line that is anything else.
 *
 * @see https://docs.docker.com/reference/dockerfile/#parser-directives
 */
export class DirectiveReader {
  readonly #source: Source;
  readonly #prefix: string;
  readonly #seen = new Set<string>();
  #done = false;

  constructor(source: Source, prefix = '#') {
    this.#source = source;
    this.#prefix = prefix;
  }

  /** Whether no later line can be a directive. */
  get done(): boolean {
    return this.#done;
  }

  /** Takes the next line: the range `[start, end)` of the source, without its line ending. */
  read(start: number, end: number): DirectiveLine {
    const found = this.#done ? undefined : matchDirective(this.#source.text.slice(start, end), this.#prefix);
    if (!found) {
      this.#done = true;
      return { kind: 'other' };
    }
    const span = { source: this.#source, start, end };
    if (this.#seen.has(found.name)) {
      const message = `only one ${found.name} parser directive can be used`;
      return { kind: 'problem', problem: directiveProblem('directive-repeated', message, span, 'remove this line') };
    }
    this.#seen.add(found.name);
    return { kind: 'directive', directive: { ...found, span } };
  }
}

/** A problem with a directive; BuildKit counts its line from 0. */
export function directiveProblem(code: string, message: string, span: Directive['span'], hint: string): Problem {
  const line = span.source.lineAt(span.start) - 1;
  return problem(code, message, { span, lines: [line, line], hint });
}

/** Name and value of a directive that a text is, if it is one. */
export function matchDirective(text: string, prefix: string): Pick<Directive, 'name' | 'value'> | undefined {
  if (!text.startsWith(prefix)) return undefined;
  namePattern.lastIndex = skipSpace(text, prefix.length);
  const match = namePattern.exec(text);
  const name = names.find((candidate) => candidate === match?.[1]?.toLowerCase());
  if (name === undefined || namePattern.lastIndex === text.length) return undefined;
  return { name, value: trimValue(text.slice(namePattern.lastIndex)) };
}

/** The value has at least one character, even if that is white space. */
function trimValue(text: string): string {
  const isBlank = (at: number) => '\t\n\f\r '.includes(text.charAt(at));
  let start = 0;
  while (start < text.length - 1 && isBlank(start)) start++;
  let end = text.length;
  while (end > start + 1 && isBlank(end - 1)) end--;
  return text.slice(start, end);
}

/** A directive looked up by name. */
export interface FoundDirective {
  /** The value up to the first blank. */
  readonly first: string;
  /** The whole value. */
  readonly value: string;
  /** 1-based; 0 or 1 for a value in JSON, after a possible `#!` line. */
  readonly line: number;
}

/**
 * A directive as tools other than the parser look it up: a `#!` line may come before, and the prefix must stand at the very
 * beginning of the line.
 */
export function findDirective(source: Source, name: Directive['name'], prefix = '#'): FoundDirective | undefined {
  const reader = new DirectiveReader(source, prefix);
  const { text } = source;
  let start = skipHead(text);
  while (start < text.length && !reader.done) {
    const next = nextLine(text, start);
    const line = reader.read(start, lineEnd(text, next));
    if (line.kind === 'problem') return undefined;
    if (line.kind === 'directive' && line.directive.name === name) {
      const { value } = line.directive;
      return { first: value.split(' ', 1)[0] ?? '', value, line: source.lineAt(start) };
    }
    start = next;
  }
  return undefined;
}

/**
 * The frontend that a file asks for: `# syntax=`, or in files that are no Dockerfiles `// syntax=` or `{"syntax": ""}`.
 *
 * @see https://docs.docker.com/build/buildkit/frontend/
 */
export function detectSyntax(source: Source): FoundDirective | undefined {
  return findDirective(source, 'syntax') ?? findDirective(source, 'syntax', '//') ?? jsonSyntax(source);
}

function jsonSyntax(source: Source): FoundDirective | undefined {
  const start = skipHead(source.text);
  const json = source.text.slice(start);
  if (!json.trimStart().startsWith('{')) return undefined;
  try {
    const { syntax } = JSON.parse(json) as { syntax?: unknown };
    return typeof syntax === 'string' ? { first: syntax, value: syntax, line: source.lineAt(start) - 1 } : undefined;
  } catch {
    return undefined; // not JSON, so it asks for nothing
  }
}

/** Offset behind a byte order mark and a `#!` line. */
function skipHead(text: string): number {
  const start = text.startsWith('\ufeff') ? 1 : 0;
  return text.startsWith('#!', start) ? nextLine(text, start) : start;
}

/** Offset of the line ending, `\n` or `\r\n`, that ends at `next`. */
function lineEnd(text: string, next: number): number {
  const end = text.endsWith('\n', next) ? next - 1 : next;
  return text.endsWith('\r', end) ? end - 1 : end;
}

function nextLine(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end < 0 ? text.length : end + 1;
}
