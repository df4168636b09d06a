import { expect, test } from 'vitest';
import { fixed, lint, warningsIfSkipped, warningsIfSkippedAt, warningsOf } from '../testing.ts';
import { exposeInvalidFormat } from './expose-invalid-format.ts';

test('addresses and ports of the host are named, in the order of the words', () => {
  expect(warningsOf(exposeInvalidFormat, 'FROM x\nEXPOSE 8080:80 \\\n  127.0.0.1:53:53/udp [::1]::80 90\n')).toEqual([
    "2-3: EXPOSE instruction should not define an IP address or host-port mapping, found '127.0.0.1:53:53/udp' «127.0.0.1:53:53/udp»",
    "2-3: EXPOSE instruction should not define an IP address or host-port mapping, found '8080:80' «8080:80»",
    "2-3: EXPOSE instruction should not define an IP address or host-port mapping, found '[::1]::80' «[::1]::80»",
  ]);
});

test('a mapping in a variable is named by its value', () => {
  expect(warningsOf(exposeInvalidFormat, 'FROM x\nENV P="80 8080:81"\nEXPOSE $P\n')).toEqual([
    "3: EXPOSE instruction should not define an IP address or host-port mapping, found '8080:81' «$P»",
  ]);
});

test('a mapping that is wrong besides is named before the mistake ends it', () => {
  expect(warningsOf(exposeInvalidFormat, 'FROM x\nEXPOSE no:80\n')).toEqual([
    "2: EXPOSE instruction should not define an IP address or host-port mapping, found 'no:80' «no:80»",
  ]);
});

test.each(['EXPOSE 80', 'EXPOSE 80/udp 90-95', 'EXPOSE :80', 'EXPOSE $NOPE'])('%j is fine', (line) => {
  expect(warningsOf(exposeInvalidFormat, `FROM x\n${line}\n`)).toEqual([]);
});

test('the rule can be skipped for the file and for an instruction', () => {
  const text = 'FROM x\nEXPOSE 8080:80\n';
  expect(warningsIfSkipped(exposeInvalidFormat, text)).toEqual([]);
  expect(warningsIfSkippedAt(2, exposeInvalidFormat, text)).toEqual([]);
});

test('the fix keeps the port of the container', () => {
  expect(fixed(exposeInvalidFormat, 'FROM x\nEXPOSE 8080:80  [::1]:1-2:3-4/udp 9\n')).toBe(
    'FROM x\nEXPOSE 80  [::1]:1-2:3-4/udp 9\n',
  );
});

test.each([
  ['is in a variable', 'ENV P=8080:80\nEXPOSE $P\n'],
  ['is in quotes', 'EXPOSE "8080:80"\n'],
])('there is no fix where the mapping %s', (_, lines) => {
  expect(fixed(exposeInvalidFormat, `FROM x\n${lines}`)).toBe(`FROM x\n${lines}`);
});

test('there is no fix where the port would still be in doubt', () => {
  const { warnings } = lint('FROM x\nEXPOSE no:80\n');
  expect(warnings.map(({ rule, fix }) => [rule, fix])).toEqual([[exposeInvalidFormat, undefined]]);
});
