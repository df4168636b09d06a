import { expect, it } from 'vitest';
import { parseDevice } from './device.ts';

it.each([
  ['a', 'a', false],
  ['vendor.com/class=device', 'vendor.com/class=device', false],
  ['name=a', 'a', false],
  ['NAME=a', 'a', false],
  ['name', 'name', false],
  ['a,required', 'a', true],
  ['required,a', 'a', true],
  ['a,required=1', 'a', true],
  ['a,Required=false', 'a', false],
  ['required=True,name=a', 'a', true],
  ['"a,b",required', 'a,b', true],
  ['required', '', true],
])('%s is a device', (text, name, required) => {
  expect(parseDevice(text)).toEqual({ name, required });
});

it.each([
  ['', 'failed to parse csv devices: EOF'],
  ['"a', 'failed to parse csv devices: parse error on line 1, column 2: extraneous or missing " in quoted-field'],
  ['a,b', "invalid field 'b' must be a key=value pair"],
  ['a,name=b', 'device name already set to a'],
  ['a,required=x', 'invalid value for required: x'],
  ['a,required=', 'invalid value for required: '],
  ['a,b=c', "unexpected key 'b' in 'b=c'"],
  ['a,Requires=c', "unexpected key 'requires' in 'Requires=c' (did you mean required?)"],
])('%s is none', (text, message) => {
  expect(() => parseDevice(text)).toThrow(expect.objectContaining({ message }));
});
