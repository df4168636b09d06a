import { defaultCapabilities } from '../../capabilities.ts';
import type { Program } from '../program/program.ts';
import { seccompFilter } from '../seccomp/filter.ts';
import { descriptors, kernel } from './kernel.ts';
import type { ResolvedUser } from '../../user.ts';
import type { ResourceLimit, StepPlan } from './step-plan.ts';

const capabilityVersion = 0x20080522;

/** Becomes the user, with nothing more than such a user has in a container. There is no way back. */
export function becomeUser(program: Program, plan: StepPlan): void {
  const { user, host, isInsecure } = plan;
  for (const limit of plan.limits) setLimit(program, limit);
  program.call('setsid', [], { error: 'ignore' });
  // Keys of the session that Kiln runs in are none of the step's business.
  program.call('keyctl', [kernel.joinSessionKeyring, 0], { error: 'ignore' });
  program.call('umask', [0o022]);
  if (user.uid !== 0) {
    // The program may open its output again, by /dev/stdout.
    for (const fd of [descriptors.stdout, descriptors.stderr]) {
      program.call('fchown', [fd, user.uid, -1], { error: 'ignore' });
    }
  }
  if (plan.isForeignUser) renameRoot(program, user);
  const capabilities = host.boundingSet & (isInsecure ? ~0n : defaultCapabilities);
  for (let number = 0; number <= host.lastCapability; number++) {
    if (hasBit(capabilities, number)) continue;
    program.call('prctl', [kernel.dropBounding, number, 0, 0, 0], { purpose: 'drop capabilities' });
  }
  program.call('prctl', [kernel.ambient, kernel.ambientClearAll, 0, 0, 0], { error: 'ignore' });
  // Without no_new_privs, a filter can only be loaded as long as there is CAP_SYS_ADMIN.
  if (!isInsecure) loadFilter(program, plan);
  setIds(program, plan);
  setCapabilities(program, user.uid === 0 ? capabilities : 0n);
}

function setLimit(program: Program, { name, number, soft, hard }: ResourceLimit): void {
  const limit = program.data(
    new Uint8Array(BigUint64Array.of(BigInt.asUintN(64, BigInt(soft)), BigInt.asUintN(64, BigInt(hard))).buffer),
  );
  program.call('prlimit64', [0, number, limit, 0], { purpose: `set the limit ${name}` });
}

function loadFilter(program: Program, { host, user }: StepPlan): void {
  const pretends = host.isUserNamespace && user.uid === 0;
  const filter = seccompFilter(host.architecture, pretends ? host.firstMissingId : undefined);
  const description = program.words([filter.length / 8, program.data(filter)]);
  program.call('seccomp', [kernel.seccompFilter, 0, description], { purpose: 'load the filter of system calls' });
}

/**
 * Enters one more user namespace, where root has another number. So the step sees the user that it asks for, and has nothing
 * of root's but the files.
 */
function renameRoot(program: Program, { uid, gid }: ResolvedUser): void {
  program.call('unshare', [kernel.cloneNewUser], { purpose: `make a user namespace for user ${uid}` });
  // The kernel wants it to be said before the groups of a user namespace are.
  writeKernelFile(program, '/proc/self/setgroups', 'deny');
  writeKernelFile(program, '/proc/self/gid_map', `${gid} 0 1`);
  writeKernelFile(program, '/proc/self/uid_map', `${uid} 0 1`);
}

function writeKernelFile(program: Program, path: string, text: string): void {
  const purpose = `write ${path}`;
  // Everything else has been closed, so that this is the descriptor.
  const descriptor = descriptors.hostRoot;
  const flags = kernel.openWrite | kernel.closeOnExec;
  program.call('openat', [kernel.currentFolder, program.text(path), flags, 0], { purpose });
  program.call('write', [descriptor, program.text(text), text.length], { purpose });
  program.call('close', [descriptor]);
}

function setIds(program: Program, { user: { uid, gid, groups }, host, isForeignUser }: StepPlan): void {
  const possible = groups.filter(host.hasGroup);
  const list = program.data(new Uint8Array(Uint32Array.from(possible).buffer));
  if (host.canSetGroups && !isForeignUser)
    program.call('setgroups', [possible.length, list], { purpose: 'set groups' });
  program.call('setresgid', [gid, gid, gid], { purpose: `become group ${gid}` });
  program.call('setresuid', [uid, uid, uid], { purpose: `become user ${uid}` });
}

function setCapabilities(program: Program, set: bigint): void {
  const low = Number(set & 0xffff_ffffn);
  const high = Number(set >> 32n);
  const header = program.data(new Uint8Array(Uint32Array.of(capabilityVersion, 0).buffer));
  // Effective, permitted, inheritable; twice.
  const data = program.data(new Uint8Array(Uint32Array.of(low, low, 0, high, high, 0).buffer));
  program.call('capset', [header, data], { purpose: 'set capabilities' });
}

function hasBit(set: bigint, number: number): boolean {
  return ((set >> BigInt(number)) & 1n) === 1n;
}
