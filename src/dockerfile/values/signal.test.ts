import { constants, platform } from 'node:os';
import { expect, test } from 'vitest';
import { ValueError } from '../../spec/value-error.ts';
import { parseSignal } from './signal.ts';

test.each([
  ['9', 9],
  ['+9', 9],
  ['-1', -1],
  ['200', 200],
  ['KILL', 9],
  ['sigterm', 15],
  ['SigTerm', 15],
  ['SIGIOT', 6],
  ['CLD', 17],
  ['POLL', 29],
  ['RTMIN', 34],
  ['SIGRTMIN+1', 35],
  ['RTMIN+15', 49],
  ['RTMAX-14', 50],
  ['rtmax', 64],
])('%s is signal %d', (text, number) => {
  expect(parseSignal(text)).toBe(number);
});

test.each(['', '0', 'SIG', 'SIGSIGKILL', 'x', '9 ', ' KILL', '1.5', 'RTMIN+0', 'RTMIN+16', 'RTMAX-15', 'EMT'])(
  '%j is no signal',
  (text) => {
    expect(() => parseSignal(text)).toThrow(new ValueError(`invalid signal: ${text}`));
  },
);

test.runIf(platform() === 'linux')('The names mean what they mean to the system', () => {
  for (const [name, number] of Object.entries(constants.signals))
    expect([name, parseSignal(name)]).toEqual([name, number]);
});
