import type { CodePointSet, Member } from '../glob/code-point-set.ts';
import { readClassEscape, readEscape } from './escape.ts';
import type { ExpressionReader } from './expression-reader.ts';
import { posixClasses } from './named-classes.ts';

/**
 * Reads a class in Go's syntax; the `[` has been read. A `]` right at the start is a member.
 *
 * @see https://pkg.go.dev/regexp/syntax
 */
export function readBracketClass(reader: ExpressionReader): CodePointSet {
  const negated = reader.skips('^');
  const members: Member[] = [];
  do members.push(...(readPosixClass(reader) ?? readClassEscape(reader) ?? [readRange(reader)]));
  while (!reader.skips(']'));
  return { members, negated };
}

function readPosixClass(reader: ExpressionReader): readonly Member[] | undefined {
  const name = reader.enclosed('[:', ':]');
  if (name === undefined) return undefined;
  if (!Object.hasOwn(posixClasses(), name)) throw reader.error();
  return posixClasses()[name];
}

function readRange(reader: ExpressionReader): Member {
  const first = readMember(reader);
  // A hyphen before the bracket is a member itself.
  const last = !reader.sees('-]') && reader.skips('-') ? readMember(reader) : first;
  if (last < first) throw reader.error();
  return { kind: 'range', first, last };
}

function readMember(reader: ExpressionReader): number {
  return reader.sees('\\') ? readEscape(reader) : reader.next();
}
