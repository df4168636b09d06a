import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createAutomaton, matchesWhole, matchPrefix, type GlobNode } from './automaton.ts';

const any: GlobNode = { kind: 'atom', test: () => true, repeat: true };
const one: GlobNode = { kind: 'atom', test: () => true, repeat: false };

function literal(text: string): readonly GlobNode[] {
  return Array.from(text, (character) => {
    const wanted = character.codePointAt(0);
    return { kind: 'atom', test: (codePoint) => codePoint === wanted, repeat: false };
  });
}

describe('matchPrefix', () => {
  const star = createAutomaton([any, ...literal('a')]);

  it('finds the shortest prefix', () => {
    expect(matchPrefix(star, 'bababb', 'shortest')).toBe(2);
  });

  it('finds the longest prefix', () => {
    expect(matchPrefix(star, 'bababb', 'longest')).toBe(4);
  });

  it('says undefined if no prefix matches', () => {
    expect(matchPrefix(star, 'bbb', 'longest')).toBeUndefined();
  });

  it('says 0 if the empty prefix matches', () => {
    expect(matchPrefix(createAutomaton([]), 'abc', 'longest')).toBe(0);
    expect(matchPrefix(createAutomaton([any]), '', 'shortest')).toBe(0);
  });

  it('takes characters beyond U+FFFF as one and counts offsets in UTF-16 units', () => {
    expect(matchPrefix(createAutomaton([one]), '😀x', 'longest')).toBe(2);
  });

  it('shows assertions the characters on both sides', () => {
    const boundary: GlobNode = { kind: 'assertion', holds: (before, after) => before === 0x61 && after === undefined };
    const automaton = createAutomaton([any, boundary]);
    expect(matchPrefix(automaton, 'xa', 'shortest')).toBe(2);
    expect(matchPrefix(automaton, 'ax', 'shortest')).toBeUndefined();
  });
});

describe('matchesWhole', () => {
  it('matches optional nodes once or not at all', () => {
    const automaton = createAutomaton([{ kind: 'optional', nodes: literal('ab') }, ...literal('c')]);
    expect(['c', 'abc', 'bc', 'ababc', 'ab'].map((text) => matchesWhole(automaton, text))).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
  });

  it('does not take a prefix for the whole', () => {
    expect(matchesWhole(createAutomaton(literal('ab')), 'abc')).toBe(false);
  });

  it('gets through globs on which backtracking takes forever', () => {
    const nodes = Array.from({ length: 20 }, () => [any, ...literal('a')]).flat();
    expect(matchesWhole(createAutomaton([...nodes, ...literal('b')]), 'a'.repeat(4096))).toBe(false);
  });
});

describe('an automaton', () => {
  interface Sample {
    readonly source: string;
    readonly node: GlobNode;
  }

  const atom = fc
    .record({ characters: fc.constantFrom('a', 'b', '/', 'ab', 'a/', '^/'), repeat: fc.boolean() })
    .map(({ characters, repeat }): Sample => {
      const pattern = new RegExp(`[${characters}]`, 'u');
      const node: GlobNode = { kind: 'atom', test: (code) => pattern.test(String.fromCodePoint(code)), repeat };
      return { source: `[${characters}]${repeat ? '*' : ''}`, node };
    });
  const optional = fc.array(atom, { maxLength: 3 }).map((parts): Sample => ({
    source: `(?:${parts.map((part) => part.source).join('')})?`,
    node: { kind: 'optional', nodes: parts.map((part) => part.node) },
  }));
  const samples = fc.array(fc.oneof(atom, optional), { maxLength: 6 });
  const texts = fc.string({ unit: fc.constantFrom('a', 'b', '/', 'x', '😀'), maxLength: 8 });

  it('agrees with a regular expression about every prefix', () => {
    fc.assert(
      fc.property(samples, texts, (parts, text) => {
        const pattern = new RegExp(`^(?:${parts.map((part) => part.source).join('')})$`, 'u');
        const automaton = createAutomaton(parts.map((part) => part.node));
        const ends = [0];
        for (const character of text) ends.push((ends.at(-1) ?? 0) + character.length);
        const matching = ends.filter((end) => pattern.test(text.slice(0, end)));
        expect(matchPrefix(automaton, text, 'shortest')).toBe(matching[0]);
        expect(matchPrefix(automaton, text, 'longest')).toBe(matching.at(-1));
        expect(matchesWhole(automaton, text)).toBe(pattern.test(text));
      }),
    );
  });
});
