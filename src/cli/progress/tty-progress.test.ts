import { expect, test } from 'vitest';
import { logEvent, recordingOptions, transferEvent, vertexEvent } from './recorded-build.ts';
import { TtyProgress } from './tty-progress.ts';

/** What stands on a screen of endless height after some output that only moves up, to the left, and erases. */
function screenOf(output: string): readonly string[] {
  const rows: string[] = [''];
  let row = 0;
  for (const [token] of output.matchAll(/\x1b\[[0-9?;]*[A-Za-z]|\n|\r|[^\x1b\n\r]+/g)) {
    if (token === '\n') row++;
    else if (token.endsWith('A') && token.startsWith('\x1b')) row -= Number(token.slice(2, -1));
    else if (token === '\x1b[2K') rows[row] = '';
    else if (token === '\x1b[J') rows.length = row;
    else if (!token.startsWith('\x1b') && token !== '\r') rows[row] = (rows[row] ?? '') + token;
  }
  return rows;
}

const window = { columns: 60, rows: 24 };

test('A running build is a headline, steps with their times, and the last lines of output', () => {
  const options = recordingOptions(window);
  const { sink, finish } = new TtyProgress(options);
  const started = options.now();
  for (const name of ['[1/3] FROM base', '[2/3] RUN make', '[3/3] RUN test']) sink(vertexEvent(name));
  sink(vertexEvent('[1/3] FROM base', { started, completed: started + 1234, cached: true }));
  sink(transferEvent('[1/3] FROM base', 'sha256:abc', { current: 5_000_000, total: 10_000_000 }));
  options.wait(1234);
  sink(vertexEvent('[2/3] RUN make', { started: options.now() }));
  for (let count = 1; count <= 9; count++) sink(logEvent('[2/3] RUN make', `line ${count}\n`, options.now()));
  sink(logEvent('[2/3] RUN make', '10%\r\x1b[Aline 10', options.now()));
  options.wait(500);
  sink(vertexEvent('[3/3] RUN test', { started: options.now() }));
  expect(screenOf(options.err())).toEqual([
    '[+] Building 1.7s (1/3)',
    ' => CACHED [1/3] FROM base                             1.2s',
    ' => => sha256:abc 5.00MB / 10.00MB                     1.7s',
    ' => [2/3] RUN make                                     0.5s',
    ...[5, 6, 7, 8, 9].map((count) => ` => => # line ${count}`),
    ' => => # line 10',
    ' => [3/3] RUN test                                     0.0s',
  ]);
  finish();
});

test('At the end all steps are shown, and the whole output of those that failed', () => {
  const options = recordingOptions({ columns: 40, rows: 8 });
  const { sink, finish } = new TtyProgress(options);
  const started = options.now();
  for (let index = 0; index < 20; index++) {
    options.wait(200);
    sink(vertexEvent(`step ${index}`, { started: options.now() }));
    sink(vertexEvent(`step ${index}`, { started: options.now(), completed: options.now() + 100 }));
  }
  expect(screenOf(options.err()).length).toBeLessThanOrEqual(8);
  sink(vertexEvent('bad', { started }));
  sink(logEvent('bad', 'one\n\x1b[2J\x1b[31mtwo\n', started + 50));
  sink(vertexEvent('bad', { started, completed: started + 60, error: 'exit code: 1' }));
  finish();
  const rows = screenOf(options.err());
  expect(rows[0]).toMatch(/^\[\+\] Building 3\.8s \(21\/21\) FINISHED$/);
  expect(rows.filter((row) => row.startsWith(' => step'))).toHaveLength(20);
  expect(rows.slice(-6)).toEqual([
    ' => ERROR bad                      0.1s',
    '------',
    ' > bad:',
    '0.050 one',
    '0.050 two',
    '------',
  ]);
});

test('It draws ten times a second at most, and leaves the cursor as it was', () => {
  const options = recordingOptions(window);
  const { sink, finish } = new TtyProgress(options);
  sink(vertexEvent('a', { started: options.now() }));
  for (let count = 0; count < 1000; count++) {
    options.wait(1);
    sink(logEvent('a', 'x\n', options.now()));
  }
  finish();
  const output = options.err();
  expect(output.match(/\x1b\[\?25l/g)?.length).toBeLessThanOrEqual(12);
  expect(output.match(/\x1b\[\?25h/g)?.length).toBe(output.match(/\x1b\[\?25l/g)?.length);
  expect(output.lastIndexOf('\x1b[?25h')).toBeGreaterThan(output.lastIndexOf('\x1b[?25l'));
});

test('No line is wider than the terminal, in whatever script', () => {
  const options = recordingOptions({ columns: 30, rows: 10 });
  const { sink, finish } = new TtyProgress(options);
  sink(vertexEvent(`RUN ${'日本'.repeat(40)}`, { started: options.now(), completed: options.now() }));
  finish();
  expect(screenOf(options.err())).toEqual(['[+] Building 0.0s (1/1) FINISH', ' => RUN 日本日本日本日   0.0s']);
});

test('Colours are there only if they are wanted', () => {
  for (const color of [true, false]) {
    const options = recordingOptions(window, { color });
    const { sink, finish } = new TtyProgress(options);
    sink(vertexEvent('a', { started: options.now(), completed: options.now() }));
    finish();
    expect(options.err().includes('\x1b[34m => a')).toBe(color);
  }
});

test('Of a build in which nothing happened there is no picture', () => {
  const options = recordingOptions(window);
  new TtyProgress(options).finish();
  expect(options.err()).toBe('');
});
