import fc from 'fast-check';
import { expect, test } from 'vitest';
import { PortError, parsePort, portNames, type Port } from './port.ts';

function withNames(port: Port) {
  const { protocolNotLowercase, hostPart } = port;
  return { ports: portNames(port), protocolNotLowercase, hostPart };
}

test.each([
  ['80', ['80/tcp']],
  ['80/', ['80/tcp']],
  ['80/udp', ['80/udp']],
  ['0/sctp', ['0/sctp']],
  ['65535', ['65535/tcp']],
  ['+80', ['80/tcp']],
  ['0080', ['80/tcp']],
  ['80-80', ['80/tcp']],
  ['80-82/udp', ['80/udp', '81/udp', '82/udp']],
])('%s means %j', (text, ports) => {
  expect(withNames(parsePort(text))).toEqual({ ports, protocolNotLowercase: false, hostPart: false });
});

test('A protocol that is not lower case is flagged and lowered', () => {
  expect(withNames(parsePort('80/TcP'))).toEqual({ ports: ['80/tcp'], protocolNotLowercase: true, hostPart: false });
});

test.each([
  ['8080:80', ['80/tcp']],
  ['8080-8082:80', ['80/tcp']],
  ['8080-8081:80-81', ['80/tcp', '81/tcp']],
  ['127.0.0.1::80', ['80/tcp']],
  ['127.0.0.1:8080:80/udp', ['80/udp']],
  ['[::1]:8080:80', ['80/tcp']],
  ['::1:8080:80', ['80/tcp']],
  ['[]::80', ['80/tcp']],
])('%s means %j and is flagged for its host part', (text, ports) => {
  expect(withNames(parsePort(text))).toEqual({ ports, protocolNotLowercase: false, hostPart: true });
});

test(':80 has an empty host part, which is none', () => {
  expect(withNames(parsePort(':80'))).toEqual({ ports: ['80/tcp'], protocolNotLowercase: false, hostPart: false });
});

const noFlags = { protocolNotLowercase: false, hostPart: false };
const hostPart = { protocolNotLowercase: false, hostPart: true };

test.each([
  ['', 'invalid port: "": no port specified', noFlags],
  ['/tcp', 'invalid port: "/tcp": no port specified', noFlags],
  ['80:', 'invalid port: "80:": no port specified', noFlags],
  ['8080/TCPs', 'invalid port: "8080/TCPs": invalid proto: TCPs', noFlags],
  ['8080/tcp/udp', 'invalid port: "8080/tcp/udp": invalid proto: tcp/udp', noFlags],
  ['a', 'invalid containerPort: a', noFlags],
  ['a/UDP', 'invalid containerPort: a', { protocolNotLowercase: true, hostPart: false }],
  ['65536', 'invalid containerPort: 65536', noFlags],
  ['-1', 'invalid containerPort: -1', noFlags],
  ['81-80', 'invalid containerPort: 81-80', noFlags],
  ['80-', 'invalid containerPort: 80-', noFlags],
  ['80-x', 'invalid containerPort: 80-x', noFlags],
  ['80.5', 'invalid containerPort: 80.5', noFlags],
  ['99999999999999999999', 'invalid containerPort: 99999999999999999999', noFlags],
  ['a:80', 'invalid hostPort: a', hostPart],
  ['8080-8082:80-81', 'invalid ranges specified for container and host Ports: 80-81 and 8080-8082', hostPart],
  ['x:8080:80', 'invalid IP address: x', hostPart],
  ['1.2.3:8080:80', 'invalid IP address: 1.2.3', hostPart],
  ['[::g]:8080:80', 'invalid IP address: ::g', hostPart],
  ['[::1:8080:80', "invalid IP address [::1: address [::1:: missing ']' in address", hostPart],
  ['[::1]x:8080:80', 'invalid IP address [::1]x: address [::1]x:: missing port in address', hostPart],
  ['[::1]:x:8080:80', 'invalid IP address [::1]:x: address [::1]:x:: too many colons in address', hostPart],
  ['[[::1]:8080:80', "invalid IP address [[::1]: address [[::1]:: unexpected '[' in address", hostPart],
])('%j is refused with %j', (text, message, flags) => {
  expect(() => parsePort(text)).toThrow(new PortError(message, flags));
});

test('Every text is a port or refused', () => {
  const unit = fc.constantFrom('8', '0', '-', ':', '/', 't', 'c', 'p', '[', ']', '.');
  fc.assert(
    fc.property(fc.string({ unit }), (text) => {
      try {
        expect(portNames(parsePort(text)).length).toBeGreaterThan(0);
      } catch (error) {
        expect(error).toBeInstanceOf(PortError);
      }
    }),
  );
});

test('A long text takes time linear in its length', () => {
  expect(() => parsePort(':'.repeat(1_000_000))).toThrow(PortError);
  expect(() => parsePort(`${'1:'.repeat(500_000)}1`)).toThrow(PortError);
});
