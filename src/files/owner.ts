import { readFileSync } from 'node:fs';
import { KilnError } from '../diagnostic/kiln-error.ts';
import type { Owner } from '../graph/file-op.ts';
import { fsPath } from './binary-path.ts';
import { resolvePath } from './scoped-path.ts';
import { TreeReader } from './tree-reader.ts';
import type { Tree } from './tree.ts';

/** Numeric ids of a user and a group. */
export interface OwnerIds {
  readonly uid: number;
  readonly gid: number;
}

/** Size in bytes from which on the reference does not read a user file. */
const tooLarge = 10 * 1024 * 1024;

/**
 * Who `--chown` means. Without a group, a name brings its primary group, a number the group of the same number. A name
 * that is not known is 0, silently.
 *
 * @param tree where the passwd and group files are; undefined if there is none.
 * @throws KilnError `files/bad-user-file`
 */
export function lookUpOwner({ text }: Owner, tree: Tree | undefined): OwnerIds {
  const colon = text.indexOf(':');
  const user = colon < 0 ? text : text.slice(0, colon);
  const group = colon < 0 ? undefined : text.slice(colon + 1);
  const reader = tree && new TreeReader(tree);
  const ids = lookUpUser(reader, user);
  return group === undefined ? ids : { uid: ids.uid, gid: lookUpGroup(reader, group) };
}

function lookUpUser(reader: TreeReader | undefined, user: string): OwnerIds {
  const number = readId(user);
  if (number !== undefined) return { uid: number, gid: number };
  const line = findLine(reader, '/etc/passwd', user);
  return { uid: field(line, 2), gid: field(line, 3) };
}

function lookUpGroup(reader: TreeReader | undefined, group: string): number {
  return readId(group) ?? field(findLine(reader, '/etc/group', group), 2);
}

/** An id that is written as a number; the empty text counts as one. */
function readId(text: string): number | undefined {
  if (text === '' || text === 'root') return 0;
  if (!/^[-+]?[0-9]+$/.test(text)) return undefined;
  const number = Number(text);
  return number >= -0x80000000 && number <= 0x7fffffff ? number >>> 0 : undefined;
}

function findLine(reader: TreeReader | undefined, path: string, name: string): readonly string[] {
  const text = reader && readUserFile(reader, path);
  for (const line of text?.split('\n') ?? []) {
    const fields = line.trim().split(':');
    if (fields[0] === name) return fields;
  }
  return [];
}

function field(fields: readonly string[], index: number): number {
  const text = fields[index] ?? '';
  return /^[-+]?[0-9]+$/.test(text) ? Number(text) >>> 0 : 0;
}

function readUserFile(reader: TreeReader, name: string): string | undefined {
  let path: string;
  try {
    path = resolvePath(reader, name, { followLast: true });
  } catch (error) {
    if (error instanceof KilnError && error.code === 'files/not-a-directory') return undefined;
    throw error;
  }
  const stat = reader.stat(path);
  if (!stat) return undefined;
  if (!stat.isFile()) throw badUserFile(`${path} is not a regular file`);
  if (stat.size > tooLarge) throw badUserFile(`"${path}" exceeds ${tooLarge} bytes`);
  return readFileSync(fsPath(reader.hostPath(path)), 'utf8');
}

function badUserFile(message: string): KilnError {
  return new KilnError('files/bad-user-file', message, { hint: 'name the owner by number to do without the file' });
}
