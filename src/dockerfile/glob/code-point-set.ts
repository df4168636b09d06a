/** A set of code points, as in `[a-z]`; members are added up, then turned around if `negated`. */
export interface CodePointSet {
  readonly members: readonly Member[];
  readonly negated: boolean;
}

/** An inclusive range, or all code points that (do not) have a Unicode property, spelt as in `\p{}`: `L`, `sc=Greek`. */
export type Member =
  | { readonly kind: 'range'; readonly first: number; readonly last: number }
  | { readonly kind: 'property'; readonly name: string; readonly negated: boolean };

export const lastCodePoint = 0x10ffff;

/** The set of one code point. */
export function single(codePoint: number): CodePointSet {
  return { members: [{ kind: 'range', first: codePoint, last: codePoint }], negated: false };
}

/** A fast test for being in the set. */
export function createMembershipTest(set: CodePointSet): (codePoint: number) => boolean {
  const tests = set.members.map(memberTest);
  const [only] = tests;
  if (only && tests.length === 1) return set.negated ? (codePoint) => !only(codePoint) : only;
  return (codePoint) => tests.some((test) => test(codePoint)) !== set.negated;
}

/** The set as a class of a JavaScript regular expression with the flag `u`. */
export function regExpClass(set: CodePointSet): string {
  return `[${set.negated ? '^' : ''}${set.members.map(memberSource).join('')}]`;
}

/** The given ranges, turned around: everything else. */
export function complement(ranges: readonly (readonly [number, number])[]): readonly (readonly [number, number])[] {
  const gaps: [number, number][] = [];
  let start = 0;
  for (const [first, last] of ranges.toSorted((a, b) => a[0] - b[0])) {
    if (first > start) gaps.push([start, first - 1]);
    start = Math.max(start, last + 1);
  }
  if (start <= lastCodePoint) gaps.push([start, lastCodePoint]);
  return gaps;
}

function memberTest(member: Member): (codePoint: number) => boolean {
  if (member.kind === 'range') {
    const { first, last } = member;
    return (codePoint) => codePoint >= first && codePoint <= last;
  }
  const pattern = new RegExp(memberSource(member), 'u');
  return (codePoint) => pattern.test(String.fromCodePoint(codePoint));
}

function memberSource(member: Member): string {
  if (member.kind === 'property') return `\\${member.negated ? 'P' : 'p'}{${member.name}}`;
  const { first, last } = member;
  return first === last ? escaped(first) : `${escaped(first)}-${escaped(last)}`;
}

function escaped(codePoint: number): string {
  return `\\u{${codePoint.toString(16)}}`;
}
