import { directory, file, hardLink, raw, symlink, tarOf } from './raw-tar.ts';
import type { TarCase } from './tar-case.ts';

const up = '../'.repeat(40);
const noFile = { error: /which is no file/ };
const missing = { error: /no such file or directory/ };

/** Links that lead out, and files that are written through them. */
export const linkCases: readonly TarCase[] = [
  {
    name: 'a directory that becomes a link, and is written to',
    tar: ({ canary }) => tarOf(directory('d'), file('d/a'), symlink('d', canary.path), file('d/file')),
    unpacked: { files: { 'CANARY/file': 'file x' } },
    layer: { files: { 'd/file': 'file x' } },
  },
  {
    name: 'a link that is written through',
    tar: ({ canary }) => tarOf(symlink('l', canary.path), file('l/file'), file('l/sub/new')),
    unpacked: { files: { 'CANARY/file': 'file x', 'CANARY/sub/new': 'file x' } },
    layer: { files: { 'l/file': 'file x' } },
  },
  {
    name: 'a link upwards that is written through',
    tar: ({ canary }) => tarOf(symlink('l', `${up}${canary.path.slice(1)}`), file('l/file')),
    unpacked: { files: { 'CANARY/file': 'file x' } },
    layer: { files: { 'l/file': 'file x' } },
  },
  {
    name: 'a chain of links that is written through',
    tar: ({ canary }) => tarOf(symlink('a', 'b'), symlink('b', 'c/sub'), symlink('c', canary.path), file('a/file')),
    unpacked: { files: { 'CANARY/sub/file': 'file x' } },
    layer: { files: { 'a/file': 'file x' } },
  },
  {
    name: 'a link to the root of the machine',
    tar: ({ canary }) => tarOf(symlink('l', '/'), file(`l${canary.path}/file`)),
    unpacked: { files: { 'CANARY/file': 'file x' } },
    layer: { files: { [`l/CANARY`]: 'nothing' } },
  },
  {
    name: 'a link to the root of a process',
    tar: ({ canary }) => tarOf(symlink('l', '/proc/self/root'), file(`l${canary.path}/file`)),
    unpacked: { files: { 'proc/self/root': 'directory' } },
    layer: { files: { l: 'directory' } },
  },
  {
    name: 'a link to the working directory of a process',
    tar: () => tarOf(symlink('proc', '/proc/self/cwd'), file('proc/../../x')),
    unpacked: { files: { x: 'file x' } },
    layer: { error: /unsafe path/ },
  },
  {
    name: 'links in a circle that are written through',
    tar: () => tarOf(symlink('a', 'b'), symlink('b', 'a'), file('a/x')),
    unpacked: { error: /too many links/ },
    layer: { files: { 'a/x': 'file x' } },
  },
  {
    name: 'a thousand links to go through',
    tar: () =>
      tarOf(
        ...Array.from({ length: 1000 }, (_, at) => symlink(`l${at}`, `l${at + 1}`)),
        directory('l1000'),
        file('l0/x'),
      ),
    unpacked: { error: /too many links/ },
    layer: { files: { 'l0/x': 'file x' } },
  },
  {
    name: 'a directory with a time that becomes a link',
    tar: ({ canary }) =>
      tarOf(directory('d', { mtime: 7 }), directory('d/sub', { mtime: 7 }), symlink('d', canary.path)),
    unpacked: { files: { d: 'symlink -> CANARY' } },
    layer: { files: { d: 'symlink -> CANARY' } },
  },
  {
    name: 'a directory whose parent becomes a link',
    tar: ({ canary }) =>
      tarOf(directory('a/d/sub', { mtime: 7, mode: 0o777 }), file('a/d/sub/f'), symlink('a/d', canary.path)),
    unpacked: { files: { 'a/d': 'symlink -> CANARY' } },
    layer: { files: { 'a/d': 'symlink -> CANARY' } },
  },
  {
    name: 'a link that becomes a file with all permissions',
    tar: ({ canary }) => tarOf(symlink('a', `${canary.path}/file`), file('a', 'new', { mode: 0o4777, uid: 1 })),
    unpacked: { files: { a: 'file new 4777' } },
    layer: { files: { a: 'file new 4777' } },
  },
  {
    name: 'a link that becomes a directory',
    tar: ({ canary }) => tarOf(symlink('a', canary.path), directory('a', { mode: 0o777, uid: 1 }), file('a/file')),
    unpacked: { files: { 'a/file': 'file x' } },
    layer: { files: { 'a/file': 'file x' } },
  },
  {
    name: 'a link to nothing',
    tar: () => tarOf(symlink('a', '')),
    unpacked: missing,
    layer: { error: /ENOENT/ },
  },
  {
    name: 'a link to a name of 5000 bytes',
    tar: () => tarOf(symlink('a', 'n'.repeat(5000))),
    unpacked: { error: /too long/ },
    layer: { error: /name too long/ },
  },
  {
    name: 'a hard link to a file of the machine',
    tar: ({ canary }) => tarOf(hardLink('h', `${canary.path}/file`)),
    unpacked: missing,
    layer: noFile,
  },
  {
    name: 'a hard link upwards',
    tar: ({ canary }) => tarOf(hardLink('h', `${up}${canary.path.slice(1)}/file`)),
    unpacked: missing,
    layer: { error: /unsafe path/ },
  },
  {
    name: 'a hard link through a link',
    tar: ({ canary }) => tarOf(symlink('l', canary.path), hardLink('h', 'l/file')),
    unpacked: missing,
    layer: noFile,
  },
  {
    name: 'a hard link to a link, with permissions',
    tar: ({ canary }) =>
      tarOf(symlink('l', `${canary.path}/file`), raw({ name: 'h', type: '1', target: 'l', mode: 0o777, uid: 1 })),
    unpacked: { files: { h: 'symlink -> CANARY/file' } },
    context: { files: { h: 'symlink -> CANARY/file' } },
    layer: { files: {} },
  },
  {
    name: 'a hard link to a link, then written to',
    tar: ({ canary }) => tarOf(symlink('l', `${canary.path}/file`), hardLink('h', 'l'), file('h', 'new')),
    unpacked: { files: { h: 'file new' } },
    layer: { files: { h: 'file new' } },
  },
  {
    name: 'a hard link to a directory',
    tar: () => tarOf(directory('q'), hardLink('h', 'q')),
    unpacked: { error: /not permitted/ },
    layer: noFile,
  },
  {
    name: 'a hard link to nothing',
    tar: () => tarOf(hardLink('h', 'nothing')),
    unpacked: missing,
    layer: noFile,
  },
  {
    name: 'a hard link to itself',
    tar: () => tarOf(file('h'), hardLink('h', 'h')),
    unpacked: missing,
    layer: { files: { h: 'file x' } },
  },
  {
    name: 'a hard link to the root',
    tar: () => tarOf(hardLink('h', '/')),
    unpacked: { error: /not permitted/ },
    layer: noFile,
  },
  {
    name: 'a hard link whose file is written again',
    tar: () => tarOf(file('a', 'old'), hardLink('b', 'a'), file('a', 'new')),
    unpacked: { files: { a: 'file new', b: 'file old' } },
    layer: { files: { a: 'file new', b: 'file old' } },
  },
];
