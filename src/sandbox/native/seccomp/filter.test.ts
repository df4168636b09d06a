import { constants } from 'node:os';
import { describe, expect, it } from 'vitest';
import { allowedNumbers } from './allowed-syscalls.ts';
import { seccompFilter } from './filter.ts';

const allow = 0x7fff0000;
const refuse = 0x00050000 | constants.errno.EPERM;
const unknown = 0x00050000 | constants.errno.ENOSYS;
const kill = 0x80000000;
const architectures = { x64: 0xc000003e, arm64: 0xc00000b7, i386: 0x40000003 };

interface Call {
  readonly architecture: number;
  readonly number: number;
  readonly argument?: number;
}

/** What the kernel does with a filter. */
function answer(filter: Uint8Array, { architecture, number, argument = 0 }: Call): number {
  const view = new DataView(filter.buffer, filter.byteOffset, filter.length);
  const words: Readonly<Record<number, number>> = { 0: number, 4: architecture, 16: argument };
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

  it('ends programs of other architectures', () => {
    expect(answer(filter, { architecture: 0x40000028, number: 1 })).toBe(kill);
  });
});
