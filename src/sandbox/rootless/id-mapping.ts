import { readFileSync, writeFileSync } from 'node:fs';
import { KilnError } from '../../diagnostic/kiln-error.ts';
import { capabilityNumbers, hasCapability } from '../../system/capability.ts';
import { isSystemError } from '../../system/system-error.ts';
import { namespaceAdvice, readSystemFile } from './namespace-advice.ts';
import { readSubIds, type SubIdRange } from './sub-ids.ts';

const lastId = 0xffff_fffe;

/** Who a process is outside of its user namespace. */
export interface OutsideUser {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/**
 * Gives a process in a new user namespace its ids: 0 is the user, and what follows are those that the machine grants to the
 * user. If it grants none, there is no other than 0.
 * https://man7.org/linux/man-pages/man7/user_namespaces.7.html
 *
 * @returns what is missing for there to be more than one; empty if there is more
 */
export async function mapIds(processId: number, user: OutsideUser): Promise<string> {
  if (user.uid === 0 && mapAll(processId)) return '';
  const owners = [user.name, String(user.uid)];
  const users = readSubIds('/etc/subuid', owners);
  const groups = readSubIds('/etc/subgid', owners);
  if (users.length === 0 || groups.length === 0) {
    mapOne(processId, user);
    return `${users.length === 0 ? '/etc/subuid' : '/etc/subgid'} grants no ids to ${user.name}`;
  }
  const refused = await runHelper('newuidmap', processId, mapping(user.uid, users));
  if (refused !== '') {
    mapOne(processId, user);
    return refused;
  }
  const reason = await runHelper('newgidmap', processId, mapping(user.gid, groups));
  if (reason !== '') throw new KilnError('sandbox/id-mapping', reason, { hint: 'look at /etc/subgid' });
  return '';
}

/**
 * What a root that may not mount has, such as that of a container: all ids. One fewer than there are, so that it is plain that
 * this is a user namespace.
 *
 * @returns whether it has been allowed
 */
function mapAll(processId: number): boolean {
  if (![capabilityNumbers.setUsers, capabilityNumbers.setGroups].every(hasCapability)) return false;
  try {
    for (const kind of ['uid', 'gid']) {
      const ranges = readFileSync(`/proc/self/${kind}_map`, 'latin1').trim().split('\n');
      const same = ranges.map((range) => {
        const [first = 0, , count = 0] = range.trim().split(/\s+/).map(Number);
        return `${first} ${first} ${first + count > lastId ? lastId - first : count}`;
      });
      writeFileSync(`/proc/${processId}/${kind}_map`, same.join('\n'));
    }
    return true;
  } catch (error) {
    if (isSystemError(error, 'EPERM', 'EACCES', 'EROFS')) return false;
    throw error;
  }
}

/** Triples: id inside, id outside, count. */
function mapping(own: number, ranges: readonly SubIdRange[]): readonly number[] {
  let inside = 1;
  return [0, own, 1].concat(
    ranges.flatMap(({ first, count }) => {
      const triple = [inside, first, count];
      inside += count;
      return triple;
    }),
  );
}

function mapOne(processId: number, { uid, gid }: OutsideUser): void {
  try {
    // Otherwise a user could leave a group that denies something.
    writeFileSync(`/proc/${processId}/setgroups`, 'deny');
    writeFileSync(`/proc/${processId}/uid_map`, `0 ${uid} 1`);
    writeFileSync(`/proc/${processId}/gid_map`, `0 ${gid} 1`);
  } catch (cause) {
    if (!isSystemError(cause, 'EPERM', 'EACCES', 'EROFS')) throw cause;
    const { reason, hint } = namespaceAdvice({ code: 'EPERM', read: readSystemFile });
    throw new KilnError('sandbox/id-mapping', `the user namespace gets no ids: ${reason}`, { hint, cause });
  }
}

/** Why it does not do it; empty if it does. */
async function runHelper(command: string, processId: number, triples: readonly number[]): Promise<string> {
  const { spawnSync } = await import('node:child_process');
  const { error, status, stderr } = spawnSync(command, [String(processId), ...triples.map(String)], {
    encoding: 'utf8',
  });
  if (error) return isSystemError(error, 'ENOENT') ? `${command} is not installed` : error.message;
  return status === 0 ? '' : `${command} failed: ${stderr.trim().replace(/^newuidmap: |^newgidmap: /, '')}`;
}
