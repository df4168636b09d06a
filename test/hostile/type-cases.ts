import { directory, file, pax, raw, symlink, tarOf, base256 } from './raw-tar.ts';
import type { TarCase } from './tar-case.ts';

const unsafe = { error: /unsafe path/ };

/** Types, whiteouts, owners and attributes that are out of place. */
export const typeCases: readonly TarCase[] = [
  {
    name: 'devices',
    tar: () =>
      tarOf(raw({ name: 'c', type: '3', major: 1, minor: 3 }), raw({ name: 'b', type: '4', major: 8, minor: 0 })),
    unpacked: { files: { c: 'character-device 1:3', b: 'block-device 8:0' } },
    layer: { files: { c: 'character-device 1:3', b: 'block-device 8:0' } },
  },
  {
    name: 'the device that hides files',
    tar: () => tarOf(raw({ name: 'below', type: '3' }), raw({ name: 'd', type: '3' })),
    unpacked: { files: { below: 'nothing', d: 'nothing' } },
    layer: { files: { below: 'nothing', d: 'nothing' } },
  },
  {
    name: 'a device with numbers that there are none of',
    tar: () => tarOf(raw({ name: 'c', type: '3', major: base256(1n << 40n, 8) })),
    unpacked: { error: /invalid device/ },
    layer: { error: /invalid device/ },
  },
  {
    name: 'a fifo',
    tar: () => tarOf(raw({ name: 'p', type: '6' })),
    unpacked: { files: { p: 'fifo' } },
    layer: { files: { p: 'fifo' } },
  },
  {
    name: 'a fifo in the place of the Dockerfile',
    tar: () => tarOf(raw({ name: 'Dockerfile', type: '6' })),
    unpacked: { files: { Dockerfile: 'fifo' } },
    context: { error: /Dockerfile/ },
    layer: { files: { Dockerfile: 'fifo' } },
  },
  {
    name: 'a link in the place of the Dockerfile',
    tar: ({ canary }) => tarOf(symlink('Dockerfile', `${canary.path}/file`)),
    unpacked: { files: { Dockerfile: 'symlink -> CANARY/file' } },
    context: { error: /failed to read dockerfile: .*no such file/ },
    layer: { files: { Dockerfile: 'symlink -> CANARY/file' } },
  },
  {
    name: 'a device in the place of .dockerignore',
    tar: () => tarOf(raw({ name: '.dockerignore', type: '3', major: 1, minor: 5 })),
    unpacked: { files: { '.dockerignore': 'character-device 1:5' } },
    layer: { files: { '.dockerignore': 'character-device 1:5' } },
  },
  {
    name: 'a type that there is not',
    tar: () => tarOf(raw({ name: 's', type: 's' })),
    unpacked: { error: /unsupported type "s" of "s"/ },
    layer: { error: /unsupported type "s" of "s"/ },
  },
  {
    name: 'a whiteout of ..',
    tar: () => tarOf(file('d/.wh...', '')),
    unpacked: { files: { 'd/.wh...': 'file' } },
    layer: unsafe,
  },
  {
    name: 'a whiteout of .',
    tar: () => tarOf(file('d/.wh..', '')),
    unpacked: { files: { 'd/.wh..': 'file' } },
    layer: unsafe,
  },
  {
    name: 'a whiteout of nothing',
    tar: () => tarOf(file('.wh.', '')),
    unpacked: { files: { '.wh.': 'file' } },
    layer: unsafe,
  },
  {
    name: 'a whiteout that leads up',
    tar: () => tarOf(file('d/.wh.x/../../y', '')),
    unpacked: { files: { y: 'file' } },
    layer: unsafe,
  },
  {
    name: 'whiteouts of everything at odd places',
    tar: () =>
      tarOf(
        ...[
          file('.wh..wh..opq', ''),
          directory('d/.wh..wh..opq'),
          file('none/.wh..wh..opq', ''),
          file('none/.wh.x', ''),
        ],
        ...[symlink('q/.wh..wh..opq', '/'), file('.wh..wh.plnk', ''), file('below/.wh..wh..opq', ''), file('z')],
      ),
    unpacked: { files: { z: 'file x' } },
    layer: { files: { z: 'file x', none: 'nothing' } },
  },
  {
    name: 'whiteouts of what is in the same layer',
    tar: () => tarOf(file('d/file', 'new'), file('d/.wh.file', ''), file('.wh.d', '')),
    unpacked: { files: { 'd/file': 'file new' } },
    layer: { files: { 'd/file': 'file new' } },
  },
  {
    name: 'a whiteout behind a link',
    tar: ({ canary }) => tarOf(symlink('d', canary.path), file('d/.wh.file', ''), file('d/.wh..wh..opq', '')),
    unpacked: { files: {} },
    layer: { files: { 'd/file': 'nothing' } },
  },
  {
    name: 'bits for a user that is root',
    tar: () => tarOf(file('s', 'x', { mode: 0o7777 }), directory('t', { mode: 0o7777 })),
    unpacked: { files: { s: 'file x 7777', t: 'directory 7777' } },
    layer: { files: { s: 'file x 7777', t: 'directory 7777' } },
  },
  {
    name: 'an owner beyond all numbers',
    tar: () => tarOf(file('a', 'x', { uid: base256(1n << 40n, 8) })),
    unpacked: { error: /invalid owner 1099511627776 of "a"/ },
    layer: { error: /invalid owner 1099511627776 of "a"/ },
  },
  {
    name: 'a negative owner',
    tar: () => tarOf(file('a', 'x', { uid: base256(-2n, 8) })),
    unpacked: { files: { a: 'file x' } },
    layer: { files: { a: 'file x' } },
  },
  {
    name: 'times before the flood and after the sun',
    tar: () =>
      tarOf(
        ...[pax({ mtime: '999999999999.999999999' }), file('a'), pax({ mtime: '-999999999999' }), file('b')],
        ...[file('c', 'x', { mtime: base256(-(1n << 52n)) }), pax({ mtime: '999999999999' }), directory('q')],
      ),
    unpacked: { files: { a: 'file x', b: 'file x', c: 'file x' } },
    layer: { files: { a: 'file x', b: 'file x', c: 'file x' } },
  },
  {
    name: 'a time that is none',
    tar: () => tarOf(pax({ mtime: 'NaN' }), file('a')),
    unpacked: { error: /invalid mtime "NaN"/ },
    layer: { error: /invalid mtime "NaN"/ },
  },
  {
    name: 'the attributes of overlayfs',
    tar: ({ canary }) =>
      tarOf(
        pax({ 'SCHILY.xattr.trusted.overlay.opaque': 'y', 'SCHILY.xattr.user.overlay.opaque': 'y' }),
        directory('d'),
        pax({ 'SCHILY.xattr.trusted.overlay.redirect': canary.path, 'SCHILY.xattr.trusted.overlay.metacopy': '' }),
        directory('r'),
        pax({ 'SCHILY.xattr.trusted.overlay.whiteout': 'y', 'SCHILY.xattr.user.overlay.whiteout': 'y' }),
        file('w', ''),
      ),
    unpacked: { files: { d: 'directory', w: 'file' } },
    layer: { files: { 'd/file': 'file below', 'r/file': 'nothing', w: 'file' } },
  },
  {
    name: 'attributes that make no sense',
    tar: () =>
      tarOf(
        pax({ 'SCHILY.xattr.': 'x', 'SCHILY.xattr.nothing': 'x', [`SCHILY.xattr.user.${'n'.repeat(400)}`]: 'x' }),
        file('a'),
        pax({ 'SCHILY.xattr.security.capability': 'x' }),
        file('b'),
      ),
    unpacked: { files: { a: 'file x', b: 'file x' } },
    layer: { files: { a: 'file x', b: 'file x' } },
  },
  {
    name: 'an attribute of 100000 bytes',
    tar: () => tarOf(pax({ 'SCHILY.xattr.user.long': 'x'.repeat(100_000) }), file('a')),
    unpacked: { files: { a: 'file x' } },
    layer: { error: /cannot unpack the layer: E2BIG/ },
  },
  {
    name: 'a hundred attributes',
    tar: () =>
      tarOf(
        pax(Object.fromEntries(Array.from({ length: 100 }, (_, at) => [`SCHILY.xattr.user.a${at}`, 'x']))),
        file('a'),
      ),
    unpacked: { files: { a: 'file x' } },
    layer: { files: { a: 'file x' } },
  },
  {
    name: 'attributes of security modules',
    tar: () =>
      tarOf(
        pax({ 'SCHILY.xattr.security.selinux': 'x', 'SCHILY.xattr.security.ima': 'x', 'SCHILY.xattr.trusted.x': 'x' }),
        file('a'),
      ),
    unpacked: { files: { a: 'file x' } },
    layer: { files: { a: 'file x' } },
  },
];
