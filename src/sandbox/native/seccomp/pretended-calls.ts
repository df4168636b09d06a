import { numbersOf, type SyscallTable } from './allowed-syscalls.ts';
import { instruction, operations as op, type Instruction } from './instruction.ts';

/** Names of calls, and which of their arguments are the user and the group. */
const ownerCalls = [
  { names: ['chown', 'lchown', 'fchown', 'chown32', 'lchown32', 'fchown32'], user: 1, group: 2 },
  { names: ['fchownat'], user: 2, group: 3 },
] as const;

const idCalls = [
  ...['setuid', 'setgid', 'setreuid', 'setregid', 'setresuid', 'setresgid', 'setfsuid', 'setfsgid', 'setgroups'],
  ...['setuid32', 'setgid32', 'setreuid32', 'setregid32', 'setresuid32', 'setresgid32', 'setfsuid32', 'setfsgid32'],
  'setgroups32',
] as const;

/** For user and group: stays as it is. */
const unchanged = 0xffffffff;
const succeed = instruction(op.return, 0x00050000);
const allow = instruction(op.return, 0x7fff0000);

/**
 * What a filter does with calls that root of a user namespace makes in vain: giving files to somebody who is not there does
 * nothing and succeeds, since package managers do not go on otherwise; the same holds for becoming somebody, where there is
 * nobody but root. The number of the call is loaded.
 *
 * @param firstMissing the first id that is not there
 */
export function pretendedCalls(table: SyscallTable, firstMissing: number): readonly Instruction[] {
  const owners = ownerCalls.flatMap(({ names, user, group }) =>
    numbersOf(table, names).flatMap((number) => onlyFor(number, giveAway(user, group, firstMissing))),
  );
  const ids = firstMissing > 1 ? [] : numbersOf(table, idCalls).flatMap((number) => onlyFor(number, [succeed]));
  return [...owners, ...ids];
}

function onlyFor(number: number, body: readonly Instruction[]): Instruction[] {
  return [instruction(op.jumpIfEqual, number, { otherwise: body.length }), ...body];
}

function giveAway(user: number, group: number, firstMissing: number): readonly Instruction[] {
  return [
    instruction(op.load, argumentOffset(user)),
    instruction(op.jumpIfEqual, unchanged, { then: 1 }),
    instruction(op.jumpIfAtLeast, firstMissing, { then: 4 }),
    instruction(op.load, argumentOffset(group)),
    instruction(op.jumpIfEqual, unchanged, { then: 1 }),
    instruction(op.jumpIfAtLeast, firstMissing, { then: 1 }),
    allow,
    succeed,
  ];
}

/** Of the lower half, in `struct seccomp_data`. */
function argumentOffset(index: number): number {
  return 16 + 8 * index;
}
