import { trimSpace } from '../lexer/whitespace.ts';
import type { Comment, Statement } from '../parser/ast.ts';
import type { Origin } from './command.ts';

/** What a command keeps of its instruction. */
export function originOf({ keyword, text, lines, span, comments }: Statement): Origin {
  return { keyword, code: trimSpace(text), lines, span, comments };
}

/** What the comments above an instruction say about a name: the first that begins with it, the rest of that line. */
export function descriptionOf(name: string, comments: readonly Comment[]): string {
  if (name === '') return '';
  const comment = comments.find(({ value }) => value.startsWith(`${name} `));
  return comment ? comment.value.slice(name.length + 1) : '';
}
