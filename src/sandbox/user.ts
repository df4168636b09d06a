import { readFileSync, statSync } from 'node:fs';
import { KilnError } from '../diagnostic/kiln-error.ts';
import { resolveInRoot } from './scoped-path.ts';

/** Who a program runs as. */
export interface ResolvedUser {
  readonly uid: number;
  readonly gid: number;
  /** Groups besides, the own one first. */
  readonly groups: readonly number[];
  /** From /etc/passwd; `/` if there is no such entry. */
  readonly home: string;
}

interface PasswdEntry {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  readonly home: string;
}

interface GroupEntry {
  readonly name: string;
  readonly gid: number;
  readonly members: readonly string[];
}

const largestId = 0xffff_fffe;
const largestFile = 10 << 20;

/**
 * The user that a Dockerfile names, in a root file system. A number need not be listed there; without a group, the user's own
 * and all that list the user count; with one, only that.
 *
 * Throws KilnError `sandbox/user` for a name that is not there.
 */
export function resolveUser(root: string, text: string): ResolvedUser {
  const [userText = '', groupText = ''] = splitOnce(text === '' ? '0' : text);
  const passwd = readEntries(root, '/etc/passwd', passwdEntry);
  const listed = passwd.find(({ name, uid }) => name === userText || String(uid) === userText);
  const uid = listed?.uid ?? idOf(userText, 'user', 'passwd');
  const groups = readEntries(root, '/etc/group', groupEntry);
  const home = passwd.find((entry) => entry.uid === uid)?.home ?? '';
  const rest = { uid, home: home === '' ? '/' : home };
  if (groupText !== '') {
    const group = groups.find(({ name, gid }) => name === groupText || String(gid) === groupText);
    const gid = group?.gid ?? idOf(groupText, 'group', 'group');
    return { ...rest, gid, groups: [gid] };
  }
  const gid = listed?.gid ?? 0;
  const others = groups.filter(({ members }) => listed && members.includes(listed.name)).map((group) => group.gid);
  return { ...rest, gid, groups: [...new Set([gid, ...others])] };
}

function splitOnce(text: string): readonly string[] {
  const colon = text.indexOf(':');
  return colon === -1 ? [text] : [text.slice(0, colon), text.slice(colon + 1)];
}

function idOf(text: string, what: string, file: string): number {
  const id = /^(?:0|[1-9][0-9]*|root)$/.test(text) ? (text === 'root' ? 0 : Number(text)) : undefined;
  if (id === undefined) {
    throw new KilnError('sandbox/user', `unable to find ${what} ${text}: no matching entries in ${file} file`, {
      hint: `add it to /etc/${file} of the image, or use a number`,
    });
  }
  if (id > largestId) throw new KilnError('sandbox/user', `the ${what} id ${text} is too large`);
  return id;
}

/** Lines that are no entries are passed over. */
function readEntries<Entry>(
  root: string,
  path: string,
  parse: (fields: readonly string[]) => Entry | undefined,
): readonly Entry[] {
  return readText(root + resolveInRoot(root, path))
    .split('\n')
    .map((line) => parse(line.trim().split(':')))
    .filter((entry) => entry !== undefined);
}

function readText(path: string): string {
  const status = statSync(path, { throwIfNoEntry: false });
  if (!status?.isFile()) return '';
  if (status.size > largestFile) throw new KilnError('sandbox/user', `${path} is too large`);
  return readFileSync(path, 'utf8');
}

function passwdEntry([name = '', , uid = '', gid = '', , home = '']: readonly string[]): PasswdEntry | undefined {
  if (!isNumber(uid) || name.startsWith('#')) return undefined;
  return { name, uid: Number(uid), gid: isNumber(gid) ? Number(gid) : 0, home };
}

function groupEntry([name = '', , gid = '', members = '']: readonly string[]): GroupEntry | undefined {
  if (!isNumber(gid) || name.startsWith('#')) return undefined;
  return { name, gid: Number(gid), members: members.split(',') };
}

function isNumber(text: string): boolean {
  return /^[0-9]{1,10}$/.test(text);
}
