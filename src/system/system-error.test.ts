import { expect, it } from 'vitest';
import { isDiskError, SystemError, systemCode, systemReason } from './system-error.ts';

const broken = Object.assign(new Error('EIO: i/o error, read'), { code: 'EIO', errno: -5, syscall: 'read' });
const unclean = Object.assign(new Error('Unknown system error -117: open'), {
  ...{ code: 'Unknown system error -117', errno: -117, syscall: 'open' },
});
/** As `rmSync` of Node 24 says it. */
const removing = (text: string) =>
  Object.assign(new Error(`, Unknown error: ${text} '/some/where'`), { code: '', errno: -4094, syscall: 'rm' });

it.each([
  ['i/o error', 'EIO', broken],
  ['structure needs cleaning', 'EUCLEAN', unclean],
  ['structure needs cleaning', 'EUCLEAN', new SystemError(117, 'mount', '/a')],
  ['bad message', 'EBADMSG', new SystemError(74, 'open')],
  ['i/o error', 'EIO', removing('Input/output error')],
])('The reason %s is found, whoever says it how (%s)', (reason, code, error) => {
  expect([systemReason(error), systemCode(error), isDiskError(error)]).toEqual([reason, code, true]);
});

it.each([
  ['read-only file system', 'EROFS', removing('Read-only file system')],
  ['no space left on device', 'ENOSPC', removing('No space left on device')],
  ['permission denied', 'EACCES', new SystemError(13, 'open', '/a')],
])('The reason %s does not mean that a disk has failed', (reason, code, error) => {
  expect([systemReason(error), systemCode(error), isDiskError(error)]).toEqual([reason, code, false]);
});
