import { describe, expect, it } from 'vitest';
import { checkMount, mountSource, parseMount } from './mount.ts';

const same = (word: string) => word;
const empty = {
  ...{ type: 'bind', from: '', source: '', target: '', readOnly: true, size: 0, id: '', sharing: undefined },
  ...{ required: false, env: undefined, mode: undefined, uid: undefined, gid: undefined },
};

describe('parseMount', () => {
  it.each([
    ['target=/a', { target: '/a' }],
    ['type=bind,dst=/a,src=b', { target: '/a', source: 'b' }],
    ['TYPE=BIND,Destination=/a,Source=b,FROM=c', { target: '/a', source: 'b', from: 'c' }],
    ['target=/a,target=/b', { target: '/b' }],
    ['target=/a,rw', { target: '/a', readOnly: false }],
    ['target=/a,readwrite=true', { target: '/a', readOnly: false }],
    ['target=/a,rw=0', { target: '/a' }],
    ['target=/a,ro=false', { target: '/a', readOnly: false }],
    ['target=/a,readonly=1,rw', { target: '/a', readOnly: false }],
    ['type=cache,target=/a', { type: 'cache', target: '/a', readOnly: false }],
    ['type=cache,target=/a,ro', { type: 'cache', target: '/a' }],
    ['ro,type=cache', { type: 'cache' }],
    [
      'type=cache,id=a,sharing=Locked,mode=0755,uid=1,gid=2',
      { type: 'cache', id: 'a', sharing: 'locked', mode: 0o755, uid: 1, gid: 2, readOnly: false },
    ],
    ['sharing=private,type=cache', { type: 'cache', sharing: 'private', readOnly: false }],
    ['type=tmpfs,target=/a,size=1m', { type: 'tmpfs', target: '/a', size: 2 ** 20, readOnly: false }],
    ['type=secret,id=a', { type: 'secret', id: 'a' }],
    [
      'type=secret,source=a,target=/b,env=C,required,mode=400,uid=0',
      { type: 'secret', source: 'a', target: '/b', env: 'C', required: true, mode: 0o400, uid: 0 },
    ],
    ['type=secret,id=a,env=', { type: 'secret', id: 'a', env: '' }],
    ['type=ssh', { type: 'ssh' }],
    ['type=ssh,required=true,id=a,gid=4294967295', { type: 'ssh', required: true, id: 'a', gid: 4294967295 }],
    ['type=ssh,required=f', { type: 'ssh' }],
    ['"target=/a,b",source=', { target: '/a,b' }],
    ['env=A', { env: 'A' }],
  ])('reads %s', (text, expected) => {
    expect(parseMount(text, same)).toEqual({ ...empty, ...expected });
  });

  it('expands every value, and no key', () => {
    const expand = (word: string) => word.replaceAll('$', 'x');
    expect(parseMount('target=$a,id=$', expand)).toMatchObject({ target: 'xa', id: 'x' });
    expect(() => parseMount('$variable=b', expand)).toThrow("unexpected key '$variable' in '$variable=b'");
  });

  it.each([
    ['', 'failed to parse csv mounts: EOF'],
    ['target="/a"', 'failed to parse csv mounts: parse error on line 1, column 8: bare " in non-quoted-field'],
    ['a', "invalid field 'a' must be a key=value pair"],
    ['target', "invalid field 'target' must be a key=value pair"],
    ['target=/a,', "invalid field '' must be a key=value pair"],
    ['type=vol', 'unsupported mount type "vol"'],
    ['type=Bin', 'unsupported mount type "Bin" (did you mean bind?)'],
    ['type=', 'unsupported mount type ""'],
    ['volume=b', "unexpected key 'volume' in 'volume=b'"],
    ['dat=b', "unexpected key 'dat' in 'dat=b' (did you mean dst?)"],
    ['Traget=b', "unexpected key 'traget' in 'Traget=b' (did you mean target?)"],
    ['ro=x', 'invalid value for ro: x'],
    ['readonly=', 'invalid value for readonly: '],
    ['rw=yes', 'invalid value for rw: yes'],
    ['readwrite=2', 'invalid value for readwrite: 2'],
    ['required', "unexpected key 'required' for mount type 'bind'"],
    ['required=x,type=cache', "unexpected key 'required' for mount type 'bind'"],
    ['type=cache,required', "unexpected key 'required' for mount type 'cache'"],
    ['type=secret,required=x', 'invalid value for required: x'],
    ['size=1', "unexpected key 'size' for mount type 'bind'"],
    ['type=tmpfs,size=x', 'invalid value for size: x'],
    ['type=cache,sharing=lock', 'unsupported sharing value "lock" (did you mean locked?)'],
    ['type=cache,sharing=', 'unsupported sharing value ""'],
    ['type=cache,mode=9', 'invalid value 9 for mode'],
    ['type=cache,mode=77777777777', 'invalid value 77777777777 for mode'],
    ['type=cache,uid=-1', 'invalid value -1 for uid'],
    ['type=cache,uid=4294967296', 'invalid value 4294967296 for uid'],
    ['type=cache,gid=x', 'invalid value x for gid'],
    ['mode=1', 'mode not allowed for "bind" type mounts'],
    ['type=tmpfs,uid=1', 'uid not allowed for "tmpfs" type mounts'],
    ['gid=1', 'gid not allowed for "bind" type mounts'],
    ['gid=1,uid=1', 'uid not allowed for "bind" type mounts'],
    ['type=secret,id=a,from=b', 'secret mount should not have a from'],
    ['type=secret,id=a,sharing=shared', 'secret mount should not define sharing'],
    ['type=secret', 'invalid secret mount. one of source, target required'],
    ['type=secret,source=a,id=b', "both source and id can't be set"],
    ['sharing=shared', 'invalid cache sharing set for bind mount'],
    ['type=ssh,sharing=private', 'invalid cache sharing set for ssh mount'],
  ])('refuses %j', (text, message) => {
    expect(() => parseMount(text, same)).toThrow(expect.objectContaining({ message }));
  });
});

describe('checkMount', () => {
  it.each(['from=a', 'from=a$', 'target=$a', 'type=$a', 'nonsense', 'nonsense=1', 'from', 'FROM=a,from=b'])(
    'leaves %s for later',
    (text) => {
      expect(() => {
        checkMount(text);
      }).not.toThrow();
    },
  );

  it.each([
    ['from=$a', "'from' doesn't support variable expansion, define alias stage instead"],
    ['target=/a,From=a${b}', "'from' doesn't support variable expansion, define alias stage instead"],
    ['from=$$', "'from' doesn't support variable expansion, define alias stage instead"],
    ['"', 'failed to parse csv mounts: parse error on line 1, column 2: extraneous or missing " in quoted-field'],
  ])('refuses %s', (text, message) => {
    expect(() => {
      checkMount(text);
    }).toThrow(expect.objectContaining({ message }));
  });
});

describe('mountSource', () => {
  it.each([
    ['target=/a', ''],
    ['from=a', 'a'],
    ['From=a,from=b,source=c', 'b'],
    ['from', ''],
  ])('of %s is %j', (text, from) => {
    expect(mountSource(text)).toBe(from);
  });
});
