import { printable } from './printable.ts';
import type { Source } from './source.ts';

/**
 * Lines of a source with some around them, the way BuildKit shows them: the marked ones have `>>>`.
 *
 * Empty if no line is marked. Ends with a newline.
 */
export function buildkitExcerpt(source: Source, name: string, lines: readonly number[]): string {
  const [first, last] = [Math.min(...lines), Math.max(...lines)];
  const total = source.text.split('\n').length;
  if (lines.length === 0 || first < 1 || first > total) return '';
  const { from, to } = surroundings(first, Math.min(last, total), total);
  const marked =
    lines.length === 2 ? (line: number) => line >= first && line <= last : (line: number) => lines.includes(line);
  const rule = '--------------------';
  const body = Array.from({ length: to - from + 1 }, (_, index) => {
    const line = from + index;
    const prefix = marked(line) ? '>>>' : '   ';
    return ` ${String(line).padStart(3)} | ${prefix} ${printable(source.line(line))}`;
  });
  return [`${printable(name)}:${first}`, rule, ...body, rule, ''].join('\n');
}

/** BuildKit pads until it has shown a few lines more, and counts what it could not show. */
function surroundings(first: number, last: number, total: number): { readonly from: number; readonly to: number } {
  const wanted = first === last ? 4 : 2;
  let [from, to, padding] = [first, last, 0];
  while (padding < wanted) {
    if (from > 1) {
      from--;
      padding++;
    }
    if (to !== total) {
      to++;
      padding++;
    }
    padding++;
  }
  return { from, to };
}
