import { directory, file, hardLink, pax, raw, symlink, tarOf } from './raw-tar.ts';
import type { TarCase } from './tar-case.ts';

const unsafe = { error: /unsafe path/ };
/** Up to the root of the machine, from wherever. */
const up = '../'.repeat(40);

/** Names that lead out, or nowhere. */
export const pathCases: readonly TarCase[] = [
  {
    name: 'a name that begins with ..',
    tar: () => tarOf(file('../out')),
    unpacked: { files: { out: 'file x' } },
    layer: unsafe,
  },
  {
    name: 'a name that goes up to the root and down again',
    tar: ({ canary }) => tarOf(pax({ path: `a/${up}${canary.path.slice(1)}/file` }), file('x')),
    unpacked: { files: { 'CANARY/file': 'file x' } },
    layer: unsafe,
  },
  {
    name: 'an absolute name',
    tar: ({ canary }) => tarOf(file(`${canary.path}/file`)),
    unpacked: { files: { 'CANARY/file': 'file x' } },
    layer: { files: { 'CANARY/file': 'file x' } },
  },
  {
    name: 'the directory itself without permissions',
    tar: () => tarOf(directory('.', { mode: 0 }), file('a')),
    unpacked: { files: { a: 'file x' } },
    layer: { files: { a: 'file x' } },
  },
  {
    name: 'the directory above without permissions',
    tar: () => tarOf(directory('..', { mode: 0 }), file('a')),
    unpacked: { files: { a: 'file x' } },
    layer: unsafe,
  },
  {
    name: 'a file without a name',
    tar: () => tarOf(file('')),
    unpacked: { files: {} },
    layer: { files: { below: 'file below' } },
  },
  {
    name: 'a file that is the directory above',
    tar: () => tarOf(file('..')),
    unpacked: { error: /the root of the archive is not a directory/ },
    layer: unsafe,
  },
  {
    name: 'a link in the place of the root',
    tar: ({ canary }) => tarOf(symlink('/', canary.path), file('file')),
    unpacked: { error: /the root of the archive is not a directory/ },
    layer: { files: { file: 'file x' } },
  },
  {
    name: 'a name of 5000 bytes',
    tar: () => tarOf(pax({ path: 'n'.repeat(5000) }), file('x')),
    unpacked: { error: /too long/ },
    layer: { error: /unsafe path: "n+\.\.\."/ },
  },
  {
    name: 'a name of 300 bytes',
    tar: () => tarOf(pax({ path: 'n'.repeat(300) }), file('x')),
    unpacked: { error: /too long/ },
    layer: { error: /name too long/ },
  },
  {
    name: 'directories 2500 deep',
    tar: () => tarOf(pax({ path: `${'a/'.repeat(2500)}b` }), file('x')),
    unpacked: { error: /too long/ },
    layer: { error: /unsafe path/ },
  },
  {
    name: 'a name with a null byte',
    tar: () => tarOf(pax({ path: 'a\0b' }), file('x')),
    unpacked: { error: /invalid name "a\\x00b"/ },
    layer: { error: /invalid name "a\\x00b"/ },
  },
  {
    name: 'a name that writes on the terminal',
    tar: () => tarOf(file('\x1b[2J\nERROR'), file('\x1b]0;x\x07/a'), file('\x1b]0;x\x07/a/b')),
    unpacked: { error: /not a directory/ },
    layer: { files: { '\x1b[2J\nERROR': 'file x', '\x1b]0;x\x07/a/b': 'file x' } },
  },
  {
    name: 'a name that is not UTF-8',
    tar: () => tarOf(file(Buffer.from([0x61, 0xff, 0xfe])), directory('\xff')),
    unpacked: { files: {} },
    layer: { files: {} },
  },
  {
    name: 'dots and slashes within a name',
    tar: () => tarOf(file('.//a/.//./b///c')),
    unpacked: { files: { 'a/b/c': 'file x' } },
    layer: { files: { 'a/b/c': 'file x' } },
  },
  {
    name: 'a file in a file',
    tar: () => tarOf(file('a'), file('a/b')),
    unpacked: { error: /not a directory/ },
    layer: { files: { 'a/b': 'file x' } },
  },
  {
    name: 'a file in the place of its parents',
    tar: () => tarOf(file('a/b/c'), file('a')),
    unpacked: { files: { a: 'file x' } },
    layer: { files: { a: 'file x' } },
  },
  {
    name: 'one name for files of all types, one after the other',
    tar: ({ canary }) =>
      tarOf(
        ...[
          file('a'),
          directory('a'),
          symlink('a', canary.path),
          directory('a'),
          file('a/b'),
          file('b'),
          hardLink('a', 'b'),
        ],
        ...[raw({ name: 'a', type: '6' }), symlink('a', `${canary.path}/file`), file('a', 'last')],
      ),
    unpacked: { files: { a: 'file last' } },
    layer: { files: { a: 'file last' } },
  },
  {
    name: 'a directory after its files',
    tar: () => tarOf(file('q/f'), directory('q', { mode: 0o1711 })),
    unpacked: { files: { q: 'directory 1711', 'q/f': 'file x' } },
    layer: { files: { q: 'directory 1711', 'q/f': 'file x' } },
  },
  {
    name: 'a directory that is listed twice',
    tar: () => tarOf(directory('q'), file('q/f'), directory('q', { mode: 0o700 })),
    unpacked: { files: { 'q/f': 'file x' } },
    layer: { files: { 'q/f': 'file x' } },
  },
];
