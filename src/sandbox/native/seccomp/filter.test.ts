import { constants } from 'node:os';
import { describe, expect, it } from 'vitest';
import { allowedNumbers, numbersOf } from './allowed-syscalls.ts';
import { seccompFilter } from './filter.ts';

const allow = 0x7fff0000;
const refuse = 0x00050000 | constants.errno.EPERM;
const unknown = 0x00050000 | constants.errno.ENOSYS;
const kill = 0x80000000;
const done = 0x00050000;
const architectures = { x64: 0xc000003e, arm64: 0xc00000b7, i386: 0x40000003 };

interface Call {
  readonly architecture: number;
  readonly number: number;
  readonly argument?: number;
  /** The second and those after it. */
  readonly others?: readonly number[];
}

/** What the kernel does with a filter. */
function answer(filter: Uint8Array, { architecture, number, argument = 0, others = [] }: Call): number {
  const view = new DataView(filter.buffer, filter.byteOffset, filter.length);
  const words: Readonly<Record<number, number>> = {
    ...{ 0: number, 4: architecture, 16: argument },
    ...Object.fromEntries(others.map((value, index) => [24 + 8 * index, value])),
  };
  let accumulator = 0;
  for (let at = 0; ; at++) {
    const [code, then, otherwise] = [
      view.getUint16(at * 8, true),
      view.getUint8(at * 8 + 2),
      view.getUint8(at * 8 + 3),
    ];
    const value = view.getUint32(at * 8 + 4, true);
    if (code === 0x06) return value;
    if (code === 0x20) accumulator = words[value] ?? NaN;
    else if (code === 0x05) at += value;
    else if (code === 0x15) at += accumulator === value ? then : otherwise;
    else if (code === 0x35) at += accumulator >= value ? then : otherwise;
    else at += (accumulator & value) === 0 ? otherwise : then;
  }
}

describe.each([
  ['x64', 'x64'],
  ['x64', 'i386'],
  ['arm64', 'arm64'],
] as const)('the filter of %s for programs of %s', (machine, table) => {
  const filter = seccompFilter(machine);
  const architecture = architectures[table];
  const special = { x64: [56, 435, 135, 41], i386: [120, 435, 136, 359], arm64: [220, 435, 92, 198] }[table];

  it('allows what is listed, refuses what it knows, and does not know what is newer', () => {
    const allowed = new Set(allowedNumbers(table));
    const last = Math.max(...allowed);
    for (let number = 0; number < 1200; number++) {
      if (special.includes(number)) continue;
      const expected = allowed.has(number) ? allow : number > last ? unknown : refuse;
      expect([number, answer(filter, { architecture, number })]).toEqual([number, expected]);
    }
  });

  it('looks at arguments', () => {
    const [clone = 0, clone3 = 0, personality = 0, socket = 0] = special;
    const ask = (number: number, argument: number): number => answer(filter, { architecture, number, argument });
    expect(ask(clone3, 0)).toBe(unknown);
    expect([ask(clone, 17), ask(clone, 0x3d0f00)]).toEqual([allow, allow]);
    for (const flag of [0x20000, 0x2000000, 0x4000000, 0x8000000, 0x10000000, 0x20000000, 0x40000000]) {
      expect(ask(clone, flag | 17)).toBe(refuse);
    }
    expect([1, 2, 10, 16, 37, 39, 41].map((family) => ask(socket, family))).toEqual(Array(7).fill(allow));
    expect([38, 40].map((family) => ask(socket, family))).toEqual([refuse, refuse]);
    expect([0, 8, 0x20000, 0x20008, 0xffffffff].map((kind) => ask(personality, kind))).toEqual(Array(5).fill(allow));
    expect([1, 0x40000].map((kind) => ask(personality, kind))).toEqual([refuse, refuse]);
  });

  it('answers root of a user namespace as if files had been given to those who are not there', () => {
    const [fchown = 0] = numbersOf(table, ['fchown']);
    const [fchownat = 0] = numbersOf(table, ['fchownat']);
    const keep = 0xffffffff;
    const ask = (firstMissing: number | undefined, number: number, others: readonly number[]): number =>
      answer(seccompFilter(machine, firstMissing), { architecture, number, others });
    const owners = [
      [0, 0],
      [keep, keep],
      [9, 9],
      [10, 0],
      [0, 10],
      [keep, 10],
      [10, keep],
    ] as const;
    const expected = [allow, allow, allow, done, done, done, done];
    expect(owners.map((ids) => ask(10, fchown, ids))).toEqual(expected);
    expect(owners.map((ids) => ask(10, fchownat, [0, ...ids]))).toEqual(expected);
    expect(owners.map((ids) => ask(undefined, fchown, ids))).toEqual(Array(7).fill(allow));
  });

  it('answers root that nobody else is there with as if it had become somebody', () => {
    for (const number of numbersOf(table, ['setuid', 'setgroups', 'setresgid', 'setresuid32'])) {
      const ask = (firstMissing?: number): number =>
        answer(seccompFilter(machine, firstMissing), { architecture, number, argument: 5 });
      expect([ask(1), ask(2), ask()]).toEqual([done, allow, allow]);
    }
  });

  it('ends programs of other architectures', () => {
    expect(answer(filter, { architecture: 0x40000028, number: 1 })).toBe(kill);
  });
});
