import { Source } from '../../diagnostic/source.ts';
import { lintDockerfile } from './lint.ts';
import type { Warning } from './linter.ts';
import type { Edit } from './rule.ts';

/** What {@link fixDockerfile} did. */
export interface FixResult {
  readonly text: string;
  /** In the order in which they were mended; the spans of each are those of the text it was found in. */
  readonly fixed: readonly Warning[];
  /** What there is to say about the result. */
  readonly remaining: readonly Warning[];
}

/** Mending one thing may bring up another: where `from` becomes `FROM`, `as` has to follow. */
const mostRounds = 8;

/**
 * Applies the fixes that the rules offer, until there are none left. The text outside of them and the image stay as they
 * are.
 */
export function fixDockerfile(source: Source, options: Parameters<typeof lintDockerfile>[1]): FixResult {
  const fixed: Warning[] = [];
  let current = source;
  for (let round = 0; ; round++) {
    const { warnings } = lintDockerfile(current, options);
    const chosen = round < mostRounds ? separateFixes(warnings) : [];
    if (chosen.length === 0) return { text: current.text, fixed, remaining: warnings };
    fixed.push(...chosen);
    const edits = chosen.flatMap(({ fix }) => fix ?? []);
    current = new Source(source.name, applyEdits(current.text, edits));
  }
}

/**
 * Makes the edits of one or several findings. Identical ones are made once; of two that overlap, only the one that begins
 * first, or comes first in the list if they begin at the same place.
 */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  const parts: string[] = [];
  let last: Edit['span'] | undefined;
  for (const { span, text: replacement } of inOrder(edits)) {
    if (last && isInTheWay(last, span)) continue;
    parts.push(text.slice(last?.end ?? 0, span.start), replacement);
    last = span;
  }
  return parts.join('') + text.slice(last?.end ?? 0);
}

/** Warnings whose fixes can be made together. A fix is made as a whole or left for the next round. */
function separateFixes(warnings: readonly Warning[]): readonly Warning[] {
  const fixable = warnings.flatMap((warning) => {
    const [first, ...others] = inOrder(warning.fix ?? []);
    return first ? [{ warning, span: { ...first.span, end: (others.at(-1) ?? first).span.end } }] : [];
  });
  let last: Edit['span'] | undefined;
  return inOrder(fixable).flatMap(({ warning, span }) => {
    if (last && isInTheWay(last, span)) return [];
    last = span;
    return [warning];
  });
}

function inOrder<Item extends Pick<Edit, 'span'>>(items: readonly Item[]): readonly Item[] {
  return items.toSorted((a, b) => a.span.start - b.span.start);
}

/** Whether a span and one that does not begin before it cannot both be replaced; two insertions at one place cannot. */
function isInTheWay(first: Edit['span'], second: Edit['span']): boolean {
  return second.start < first.end || second.start === first.start;
}
