import { expect, test } from 'vitest';
import { PlainProgress } from './plain-progress.ts';
import { logEvent, recordingOptions, transferEvent, vertexEvent } from './recorded-build.ts';

test('A build looks as in buildx', () => {
  const options = recordingOptions();
  const { sink, finish } = new PlainProgress(options);
  const load = '[internal] load build definition from Dockerfile';
  const started = options.now();
  sink(vertexEvent(load, { started }));
  sink(transferEvent(load, 'transferring dockerfile:', { current: 32, completed: started + 5 }));
  sink(vertexEvent(load, { started, completed: started + 5 }));
  const [from, run, fail] = ['[1/3] FROM docker.io/library/busybox', '[2/3] RUN echo hi', '[3/3] RUN false'];
  sink(vertexEvent(from, { started, completed: started + 6, cached: true }));
  sink(vertexEvent(run, { started: started + 10 }));
  sink(logEvent(run, 'hi\nunfin', started + 61));
  sink(logEvent(run, 'ished', started + 70));
  sink(vertexEvent(run, { started: started + 10, completed: started + 1210 }));
  sink(vertexEvent(fail, { started: started + 1300 }));
  sink(logEvent(fail, '\x1b[31mno\x1b[0m\n', started + 1400));
  const error = 'process "/bin/sh -c false" did not complete successfully: exit code: 1';
  sink(vertexEvent(fail, { started: started + 1300, completed: started + 1500, error }));
  finish();
  expect(options.err()).toBe(`#1 [internal] load build definition from Dockerfile
#1 transferring dockerfile: 32B done
#1 DONE 0.0s

#2 [1/3] FROM docker.io/library/busybox
#2 CACHED

#3 [2/3] RUN echo hi
#3 0.051 hi
#3 0.051 unfinished
#3 DONE 1.2s

#4 [3/3] RUN false
#4 0.100 \x1b[31mno\x1b[0m
#4 ERROR: process "/bin/sh -c false" did not complete successfully: exit code: 1
------
 > [3/3] RUN false:
0.100 \x1b[31mno\x1b[0m
------
`);
});

test('Steps that run at the same time take turns, and say so', () => {
  const options = recordingOptions();
  const { sink, finish } = new PlainProgress(options);
  const started = options.now();
  sink(vertexEvent('a', { started }));
  options.wait(200);
  sink(vertexEvent('b', { started: options.now() }));
  sink(logEvent('b', 'hidden for a while', options.now()));
  sink(logEvent('a', 'half a li', options.now()));
  options.wait(11_000);
  sink(logEvent('b', ' and then shown\n', options.now()));
  sink(vertexEvent('b', { started: started + 200, completed: options.now() }));
  options.wait(200);
  sink(logEvent('a', 'ne\n', options.now()));
  sink(vertexEvent('a', { started, completed: options.now() }));
  finish();
  expect(options.err()).toBe(
    `#1 a
#1 0.200 half a li
#1 ...

#2 b
#2 0.000 hidden for a while and then shown
#2 DONE 11.0s

#1 a
#1 11.400 ne
#1 DONE 11.4s
`.replace('11.400', '11.40'),
  );
});

test('A step that stops because another failed is canceled, and shows nothing at the end', () => {
  const options = recordingOptions();
  const { sink, finish } = new PlainProgress(options);
  sink(vertexEvent('a', { started: 1, completed: 2, error: 'failed to do it: context canceled' }));
  finish();
  expect(options.err()).toBe('#1 a\n#1 CANCELED\n');
});

test('A flood of output is passed on at once, and not remembered', () => {
  const options = recordingOptions();
  const { sink, finish } = new PlainProgress(options);
  const line = `${'x'.repeat(999)}\n`;
  sink(vertexEvent('a', { started: options.now() }));
  sink(vertexEvent('b', { started: options.now() }));
  for (let count = 0; count < 100; count++) sink(logEvent('b', line, options.now()));
  expect(options.err().length).toBeGreaterThan(64_000);
  sink(vertexEvent('b', { started: options.now(), completed: options.now() }));
  finish();
  expect(options.err().match(/x{999}/g)).toHaveLength(100);
});

test('A transfer is printed when it has come on, not at every byte', () => {
  const options = recordingOptions();
  const { sink, finish } = new PlainProgress(options);
  sink(vertexEvent('a', { started: options.now() }));
  for (let current = 0; current <= 1000; current++) {
    options.wait(100);
    sink(transferEvent('a', 'sha256:abc', { current, total: 1000, time: options.now() }));
  }
  finish();
  expect(options.err().match(/sha256/g)?.length).toBeLessThan(30);
});

test('Output that is not UTF-8 stays as it is', () => {
  const options = recordingOptions();
  const written: Uint8Array[] = [];
  const err = (output: string | Uint8Array) => written.push(Buffer.from(output));
  const { sink, finish } = new PlainProgress({ ...options, terminal: { ...options.terminal, err } });
  sink(vertexEvent('a', { started: 1_000_000 }));
  sink({ kind: 'log', vertex: 'a', stream: 2, data: Uint8Array.of(0xff, 0xc3), time: 1_000_000 });
  sink({ kind: 'log', vertex: 'a', stream: 2, data: Uint8Array.of(0xa4, 10), time: 1_000_000 });
  finish();
  expect(Buffer.concat(written).includes(Buffer.of(0xff, 0xc3, 0xa4, 10))).toBe(true);
});

test('Warnings are counted at the end, once each', () => {
  const options = recordingOptions();
  const { sink, finish } = new PlainProgress(options);
  sink(vertexEvent('a', { started: 1, completed: 2 }));
  const warning = { kind: 'warning', vertex: 'a', level: 1, short: 'Rule: text (line 1)', detail: ['why'] } as const;
  for (const event of [warning, warning, { ...warning, short: 'Other: text' }]) sink(event);
  finish();
  expect(options.err()).toMatch(
    /\n\n 2 warnings found \(use --debug to expand\):\n - Rule: text \(line 1\)\n - Other: text\n$/,
  );
});
