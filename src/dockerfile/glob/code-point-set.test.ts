import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { complement, createMembershipTest, lastCodePoint, regExpClass, single, type Member } from './code-point-set.ts';

const member: fc.Arbitrary<Member> = fc.oneof(
  fc.tuple(fc.nat(300), fc.nat(300)).map(([a, b]): Member => ({
    kind: 'range',
    first: Math.min(a, b),
    last: Math.max(a, b),
  })),
  fc.record({
    kind: fc.constant('property' as const),
    name: fc.constantFrom('L', 'Nd', 'sc=Greek'),
    negated: fc.boolean(),
  }),
);

describe('a set of code points', () => {
  it('has the one code point it was made for', () => {
    expect([0x40, 0x41, 0x42].map(createMembershipTest(single(0x41)))).toEqual([false, true, false]);
  });

  it('says the same as its regular expression', () => {
    fc.assert(
      fc.property(
        fc.record({ members: fc.array(member, { maxLength: 4 }), negated: fc.boolean() }),
        fc.oneof(fc.nat(320), fc.integer({ min: 0x370, max: 0x400 }), fc.nat(lastCodePoint)),
        (set, codePoint) => {
          const pattern = new RegExp(`^${regExpClass(set)}$`, 'u');
          expect(createMembershipTest(set)(codePoint)).toBe(pattern.test(String.fromCodePoint(codePoint)));
        },
      ),
    );
  });
});

describe('complement', () => {
  it('gives what lies before, between and behind the ranges', () => {
    expect(complement([[0x30, 0x39], [0x61, 0x7a]])).toEqual([[0, 0x2f], [0x3a, 0x60], [0x7b, lastCodePoint]]); // prettier-ignore
  });

  it('is empty for everything', () => {
    expect(complement([[0, lastCodePoint]])).toEqual([]);
  });
});
