import { lazy } from '../spec/lazy.ts';
import type { Diagnostic } from './diagnostic.ts';
import { printable, printableText } from './printable.ts';
import type { Span } from './source.ts';

export interface PrintOptions {
  /** With terminal colours. */
  readonly color: boolean;
}

/** Lines of a long span that are shown. */
const mostLines = 5;
/** Characters of a long line that are shown. */
const mostColumns = 120;

const styles = { error: '1;31', warning: '1;33', hint: '1;36', place: '2' } as const;

/**
 * A diagnostic as text: what is wrong, where, the line with a caret, what to do.
 *
 * ```text
 * error: unknown instruction: FORM (did you mean FROM?)
 *  --> Dockerfile:1:1
 *   1 | FORM debian
 *     | ^^^^
 *   = help: ...
 * ```
 *
 * Ends with a newline.
 */
export function printDiagnostic(diagnostic: Diagnostic, options: PrintOptions): string {
  const { severity, message, span, hint, url, code } = diagnostic;
  const style = (text: string, name: keyof typeof styles) =>
    options.color ? `\x1b[${styles[name]}m${text}\x1b[0m` : text;
  const label = severity === 'warning' ? `warning[${code}]` : 'error';
  const lines = [`${style(`${label}:`, severity)} ${printableText(message)}`];
  if (span) {
    const { line, column } = span.source.position(span.start);
    lines.push(`${style(' -->', 'place')} ${printable(span.source.name)}:${line}:${column}`);
    lines.push(
      ...excerptLines(
        span,
        (marks) => style(marks, severity),
        (gutter) => style(gutter, 'place'),
      ),
    );
  }
  if (hint !== undefined) lines.push(`  ${style('= help:', 'hint')} ${printableText(hint)}`);
  if (url !== undefined) lines.push(`  ${style('= see:', 'place')} ${url}`);
  return `${lines.join('\n')}\n`;
}

type Style = (text: string) => string;

function excerptLines(span: Span, mark: Style, gutter: Style): readonly string[] {
  const { source } = span;
  if (source.text === '') return [];
  const first = source.lineAt(span.start);
  const last = Math.max(first, source.lineAt(Math.max(span.start, span.end - 1)));
  const width = Math.max(3, String(Math.min(last, first + mostLines)).length);
  const lines: string[] = [];
  for (let line = first; line <= Math.min(last, first + mostLines - 1); line++) {
    const window = lineWindow(span, line);
    lines.push(`${gutter(`${String(line).padStart(width)} |`)} ${window.text}`.trimEnd());
    if (line === first)
      lines.push(`${gutter(`${' '.repeat(width)} |`)} ${window.indent}${mark('^'.repeat(window.marked))}`);
  }
  if (last >= first + mostLines)
    lines.push(gutter(`${' '.repeat(width)} | ... ${last - first - mostLines + 1} more lines`));
  return lines;
}

interface LineWindow {
  readonly text: string;
  /** White space as wide as the text before the mark. */
  readonly indent: string;
  readonly marked: number;
}

/** A line, cut to a part around the mark if it is long. */
function lineWindow({ source, start, end }: Span, line: number): LineWindow {
  const text = source.line(line);
  const offset = source.lineStart(line);
  const from = Math.min(Math.max(start - offset, 0), text.length);
  const to = Math.min(Math.max(end - offset, from), text.length);
  const cutLeft = text.length > mostColumns && from > mostColumns / 2 ? from - 20 : 0;
  const shown = text.slice(cutLeft, cutLeft + mostColumns);
  const left = cutLeft > 0 ? '...' : '';
  const right = cutLeft + mostColumns < text.length ? '...' : '';
  const before = shown.slice(0, from - cutLeft);
  const marked = Math.max(1, Math.min(to, cutLeft + shown.length) - from);
  return { text: left + printable(shown) + right, indent: ' '.repeat(left.length) + blank(before), marked };
}

/** Characters that take two columns. */
const wide = lazy(
  () =>
    /\p{Emoji_Presentation}|[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/u,
);
const zeroWidth = lazy(() => /\p{Mn}|\u200d/u);

function blank(text: string): string {
  return Array.from(text, (character) => {
    if (character === '\t') return '\t';
    return zeroWidth().test(character) ? '' : wide().test(character) ? '  ' : ' ';
  }).join('');
}
