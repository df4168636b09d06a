import { expect, test } from 'vitest';
import { isIpAddress, isIpv4, isIpv6 } from './ip-address.ts';

test.each(['0.0.0.0', '127.0.0.1', '255.255.255.255'])('%s is an IPv4 address', (text) => {
  expect(isIpAddress(text)).toBe(true);
  expect(isIpv4(text)).toBe(true);
  expect(isIpv6(text)).toBe(false);
});

test.each([
  '::',
  '::1',
  '1::',
  'fe80::1',
  '2001:DB8:0:0:0:0:0:1',
  '1:2:3:4:5:6:7::',
  '::2:3:4:5:6:7:8',
  '::ffff:1.2.3.4',
  '1:2:3:4:5:6:1.2.3.4',
])('%s is an IPv6 address', (text) => {
  expect(isIpAddress(text)).toBe(true);
  expect(isIpv6(text)).toBe(true);
});

test.each([
  '',
  'localhost',
  '1.2.3',
  '1.2.3.4.5',
  '1.2.3.256',
  '01.2.3.4',
  '1..2.3',
  '1.2.3.4 ',
  ':',
  ':::',
  '1:',
  ':1',
  '1::2::3',
  '1:2:3:4:5:6:7',
  '1:2:3:4:5:6:7:8:9',
  '1:2:3:4::5:6:7:8',
  '00001::',
  'g::',
  '1.2.3.4::',
  '1:2:3:4:5:6:7:1.2.3.4',
  '::1.2.3.4:5',
  '::1.2.3',
  'fe80::1%eth0',
  '[::1]',
])('%j is no address', (text) => {
  expect(isIpAddress(text)).toBe(false);
});
