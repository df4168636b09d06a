import type { Statement } from './ast.ts';

/** The 1-based number of the last line of an instruction that does not belong to a heredoc. */
export function lastTextLine({ heredocs, lines }: Statement): number {
  const first = heredocs[0];
  return first ? first.span.source.lineAt(first.span.start) - 1 : lines[1];
}
