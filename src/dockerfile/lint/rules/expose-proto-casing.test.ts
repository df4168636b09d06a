import { expect, test } from 'vitest';
import { fixed, lint, warningsIfSkipped, warningsIfSkippedAt, warningsOf } from '../testing.ts';
import { exposeProtoCasing } from './expose-proto-casing.ts';

test('protocols in upper or mixed case are named', () => {
  expect(warningsOf(exposeProtoCasing, 'FROM x\nEXPOSE 80/TCP \\\n  53/Udp 9/sctp\n')).toEqual([
    "2-3: Defined protocol '53/Udp' in EXPOSE instruction should be lowercase «53/Udp»",
    "2-3: Defined protocol '80/TCP' in EXPOSE instruction should be lowercase «80/TCP»",
  ]);
});

test('a protocol in a variable is named by its value', () => {
  expect(warningsOf(exposeProtoCasing, 'FROM x\nARG P=80/TCP\nEXPOSE $P\n')).toEqual([
    "3: Defined protocol '80/TCP' in EXPOSE instruction should be lowercase «$P»",
  ]);
});

test.each(['EXPOSE 80', 'EXPOSE 80/tcp', 'EXPOSE 80/'])('%j is fine', (line) => {
  expect(warningsOf(exposeProtoCasing, `FROM x\n${line}\n`)).toEqual([]);
});

test('what is no protocol is an error only', () => {
  const { warnings, problems } = lint('FROM x\nEXPOSE 80/HTTP\n');
  expect(warnings).toEqual([]);
  expect(problems.map(({ message }) => message)).toEqual(['invalid port: "80/HTTP": invalid proto: HTTP']);
});

test('the rule can be skipped for the file and for an instruction', () => {
  const text = 'FROM x\nEXPOSE 80/TCP\n';
  expect(warningsIfSkipped(exposeProtoCasing, text)).toEqual([]);
  expect(warningsIfSkippedAt(2, exposeProtoCasing, text)).toEqual([]);
});

test('the fix lowers the protocol', () => {
  expect(fixed(exposeProtoCasing, 'FROM x\nEXPOSE 80/TCP \\\n 1:53/Udp\nEXPOSE 80/TCP\n')).toBe(
    'FROM x\nEXPOSE 80/tcp \\\n 1:53/udp\nEXPOSE 80/tcp\n',
  );
});

test.each(['ARG P=80/TCP\nEXPOSE $P\n', 'ARG P="80/TCP 90"\nEXPOSE $P\n', 'EXPOSE "80/TCP"\n', 'EXPOSE 80/\\\nTCP\n'])(
  'there is no fix where the port does not stand as it is: %j',
  (lines) => {
    expect(fixed(exposeProtoCasing, `FROM x\n${lines}`)).toBe(`FROM x\n${lines}`);
  },
);

test('there is no fix for a trigger, which is text of another stage', () => {
  const text = 'FROM x AS a\nONBUILD EXPOSE 80/TCP\nFROM a\n';
  expect(warningsOf(exposeProtoCasing, text)).toEqual([
    "3: Defined protocol '80/TCP' in EXPOSE instruction should be lowercase «80/TCP»",
  ]);
  expect(fixed(exposeProtoCasing, text)).toBe(text);
});
