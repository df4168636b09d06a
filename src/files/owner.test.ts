import { describe, expect, it } from 'vitest';
import { lookUpOwner } from './owner.ts';
import { Folders } from './testing.ts';

const files = {
  'etc/passwd': 'root:x:0:0:root:/root:/bin/sh\n\n  kiln:x:11:12:A B:/:/bin/sh\nkiln:x:99:99::/:\nodd:x:one\n',
  'etc/group': 'root:x:0:\nusers:x:100:kiln\n',
};

describe('lookUpOwner', () => {
  it.each([
    ['5', 5, 5],
    ['5:6', 5, 6],
    [':6', 0, 6],
    ['5:', 5, 0],
    ['root', 0, 0],
    ['kiln', 11, 12],
    ['kiln:users', 11, 100],
    ['kiln:nobody', 11, 0],
    ['nobody:7', 0, 7],
    ['nobody', 0, 0],
    ['odd', 0, 0],
    ['99999999999', 0, 0],
  ])('takes %s for %i:%i', (text, uid, gid) => {
    using folders = new Folders(files);
    expect(lookUpOwner({ text, input: 0 }, { root: folders.context, kind: 'snapshot' })).toEqual({ uid, gid });
  });

  it('knows nobody where there are no files', () => {
    using folders = new Folders({ etc: 'file' });
    expect(lookUpOwner({ text: 'kiln:users', input: 0 }, undefined)).toEqual({ uid: 0, gid: 0 });
    expect(lookUpOwner({ text: 'kiln', input: 0 }, folders.tree())).toEqual({ uid: 0, gid: 0 });
  });

  it('refuses a passwd file that is a directory', () => {
    using folders = new Folders({ 'etc/passwd/f': '' });
    expect(() => lookUpOwner({ text: 'kiln', input: 0 }, folders.tree())).toThrow('/etc/passwd is not a regular file');
  });
});
