import type { GlobNode } from '../glob/automaton.ts';
import { createMembershipTest, regExpClass } from '../glob/code-point-set.ts';
import type { AssertionName, RepeatedSet, Term } from './term.ts';

interface Assertion {
  readonly source: string;
  readonly holds: (before: number | undefined, after: number | undefined) => boolean;
}

const assertions: Readonly<Record<AssertionName, Assertion>> = {
  start: { source: '^', holds: (before) => before === undefined },
  end: { source: '$', holds: (_, after) => after === undefined },
  'word-boundary': { source: '\\b', holds: (before, after) => isWord(before) !== isWord(after) },
  'no-word-boundary': { source: '\\B', holds: (before, after) => isWord(before) === isWord(after) },
};

/** The terms as a JavaScript regular expression with the flag `u`. */
export function regExpSource(terms: readonly Term[]): string {
  return terms.map(termSource).join('');
}

/** The terms as a glob. */
export function globNodes(terms: readonly Term[]): readonly GlobNode[] {
  return terms.flatMap(termNodes);
}

function termSource(term: Term): string {
  switch (term.kind) {
    case 'literal':
      return term.text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
    case 'set':
      return `${regExpClass(term.set)}${quantifier(term)}`;
    case 'optional':
      return `(?:${regExpSource(term.terms)})?`;
    case 'assertion':
      return assertions[term.name].source;
  }
}

function quantifier({ min, max }: RepeatedSet): string {
  if (max === Infinity) return min === 0 ? '*' : `{${min},}`;
  return max === 1 && min === 1 ? '' : `{${min},${max}}`;
}

function termNodes(term: Term): readonly GlobNode[] {
  switch (term.kind) {
    case 'literal':
      return Array.from(term.text, (character): GlobNode => {
        const wanted = character.codePointAt(0);
        return { kind: 'atom', test: (codePoint) => codePoint === wanted, repeat: false };
      });
    case 'set':
      return setNodes(term);
    case 'optional':
      return [{ kind: 'optional', nodes: globNodes(term.terms) }];
    case 'assertion':
      return [{ kind: 'assertion', holds: assertions[term.name].holds }];
  }
}

function setNodes({ set, min, max }: RepeatedSet): readonly GlobNode[] {
  const test = createMembershipTest(set);
  const one: GlobNode = { kind: 'atom', test, repeat: false };
  const required = Array.from({ length: min }, () => one);
  if (max === Infinity) return [...required, { kind: 'atom', test, repeat: true }];
  const extra: GlobNode = { kind: 'optional', nodes: [one] };
  return [...required, ...Array.from({ length: max - min }, () => extra)];
}

function isWord(codePoint: number | undefined): boolean {
  return codePoint !== undefined && codePoint < 0x80 && /\w/.test(String.fromCharCode(codePoint));
}
