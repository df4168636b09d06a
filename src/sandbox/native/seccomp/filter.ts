import { constants } from 'node:os';
import { allowedNumbers, specialNumbers, type SyscallTable } from './allowed-syscalls.ts';
import { instruction, operations as op, type Instruction } from './instruction.ts';
import { pretendedCalls } from './pretended-calls.ts';

const returns = {
  allow: 0x7fff0000,
  refuse: 0x00050000 | constants.errno.EPERM,
  unknown: 0x00050000 | constants.errno.ENOSYS,
  kill: 0x80000000,
} as const;

/** Offsets in `struct seccomp_data`; of arguments, the lower half, which is all the kernel looks at in these. */
const offsets = { number: 0, architecture: 4, firstArgument: 16 } as const;

const architectures = { x64: 0xc000003e, arm64: 0xc00000b7, i386: 0x40000003 } as const;

/** CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET. */
const newNamespaces = 0x7e020000;
const socketFamilies = { refused: [38, 40] } as const;
const personalities = [0, 0x8, 0x20000, 0x20008, 0xffffffff];

/**
 * Docker's default filter for the programs that a machine can run, for seccomp(2). Calls that are newer than all it knows are
 * answered as by a kernel that does not know them either, so that C libraries do without.
 * https://docs.kernel.org/userspace-api/seccomp_filter.html
 *
 * @param firstMissing of root in a user namespace: the first id that is not there
 */
export function seccompFilter(architecture: 'x64' | 'arm64', firstMissing?: number): Uint8Array {
  const key = `${architecture} ${String(firstMissing)}`;
  const known = filters.get(key);
  if (known) return known;
  const made = makeFilter(architecture, firstMissing);
  filters.set(key, made);
  return made;
}

const filters = new Map<string, Uint8Array>();

function makeFilter(architecture: 'x64' | 'arm64', firstMissing: number | undefined): Uint8Array {
  const tables: readonly SyscallTable[] = architecture === 'x64' ? ['x64', 'i386'] : ['arm64'];
  const instructions = [
    instruction(op.load, offsets.architecture),
    ...tables.flatMap((table) => {
      const body = tableFilter(table, firstMissing);
      return [
        instruction(op.jumpIfEqual, architectures[table], { then: 1 }),
        instruction(op.jump, body.length),
        ...body,
      ];
    }),
    instruction(op.return, returns.kill),
  ];
  const bytes = new DataView(new ArrayBuffer(instructions.length * 8));
  instructions.forEach(({ code, then, otherwise, value }, index) => {
    bytes.setUint16(index * 8, code, true);
    bytes.setUint8(index * 8 + 2, then);
    bytes.setUint8(index * 8 + 3, otherwise);
    bytes.setUint32(index * 8 + 4, value, true);
  });
  return new Uint8Array(bytes.buffer);
}

function tableFilter(table: SyscallTable, firstMissing: number | undefined): Instruction[] {
  const { clone, clone3, personality, socket } = specialNumbers[table];
  const argument = instruction(op.load, offsets.firstArgument);
  const allow = instruction(op.return, returns.allow);
  const refuse = instruction(op.return, returns.refuse);
  return [
    instruction(op.load, offsets.number),
    ...forNumber(clone, [argument, instruction(op.jumpIfAnyBit, newNamespaces, { otherwise: 1 }), refuse, allow]),
    ...forNumber(clone3, [instruction(op.return, returns.unknown)]),
    ...forNumber(socket, [argument, ...unlessOneOf(socketFamilies.refused, { one: refuse, none: allow })]),
    ...forNumber(personality, [argument, ...unlessOneOf(personalities, { one: allow, none: refuse })]),
    ...(firstMissing === undefined ? [] : pretendedCalls(table, firstMissing)),
    ...decide(ranges(allowedNumbers(table), clone3)),
  ];
}

function forNumber(number: number, body: readonly Instruction[]): Instruction[] {
  return [instruction(op.jumpIfEqual, number, { otherwise: body.length }), ...body];
}

function unlessOneOf(
  values: readonly number[],
  { one, none }: { readonly one: Instruction; readonly none: Instruction },
): Instruction[] {
  return [...values.flatMap((value) => [instruction(op.jumpIfEqual, value, { otherwise: 1 }), one]), none];
}

/** What holds from a number on, up to the next. */
interface Range {
  readonly from: number;
  readonly result: number;
}

function ranges(allowed: readonly number[], alsoKnown: number): readonly Range[] {
  const known = Math.max(alsoKnown, ...allowed);
  const set = new Set(allowed);
  const found: Range[] = [];
  for (let from = 0; from <= known + 1; from++) {
    const result = set.has(from) ? returns.allow : from > known ? returns.unknown : returns.refuse;
    if (found.at(-1)?.result !== result) found.push({ from, result });
  }
  return found;
}

/** A binary search: a filter runs at every system call. */
function decide(sorted: readonly Range[]): Instruction[] {
  const [first] = sorted;
  if (!first) return [];
  if (sorted.length === 1) return [instruction(op.return, first.result)];
  const middle = Math.ceil(sorted.length / 2);
  const lower = decide(sorted.slice(0, middle));
  const upper = decide(sorted.slice(middle));
  return [instruction(op.jumpIfAtLeast, sorted[middle]?.from ?? 0, { then: lower.length }), ...lower, ...upper];
}
