import { expect, test } from 'vitest';
import { Source } from '../../diagnostic/source.ts';
import { createProgress } from './create-progress.ts';
import { chooseProgress, type ProgressKind } from './progress-kind.ts';
import { logEvent, recordingOptions, transferEvent, vertexEvent } from './recorded-build.ts';
import { WarningList } from './warning-list.ts';

test('rawjson has an event a line, as BuildKit has it', () => {
  const options = recordingOptions();
  const { sink, finish } = createProgress('rawjson', options);
  sink(vertexEvent('a', { inputs: ['b'], started: 1_000_000.5, completed: 1_001_000, cached: true, error: 'no' }));
  sink(vertexEvent('b'));
  sink(transferEvent('a', 'sha256:1', { current: 1, total: 2 }));
  sink(logEvent('a', 'hi\n', 1_000_000));
  sink({
    ...{ kind: 'warning', vertex: 'a', level: 1, short: 's', detail: ['d'], url: 'u' },
    source: new Source('Dockerfile', 'FROM a'),
    lines: [1],
  });
  finish({});
  const lines = options
    .err()
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);
  expect(lines).toEqual([
    {
      vertexes: [
        {
          digest: 'a',
          inputs: ['b'],
          name: 'a',
          started: '1970-01-01T00:16:40.0005Z',
          completed: '1970-01-01T00:16:41Z',
          cached: true,
          error: 'no',
        },
      ],
    },
    { vertexes: [{ digest: 'b', name: 'b' }] },
    {
      statuses: [
        {
          id: 'sha256:1',
          vertex: 'a',
          total: 2,
          current: 1,
          timestamp: '1970-01-01T00:16:40Z',
          started: '1970-01-01T00:16:40Z',
        },
      ],
    },
    { logs: [{ vertex: 'a', stream: 1, data: 'aGkK', timestamp: '1970-01-01T00:16:40Z' }] },
    {
      warnings: [
        {
          ...{ vertex: 'a', level: 1, short: 'cw==', detail: ['ZA=='], url: 'u' },
          sourceInfo: { filename: 'Dockerfile', data: 'RlJPTSBh', language: 'Dockerfile' },
          range: [{ start: { line: 1 }, end: { line: 1 } }],
        },
      ],
    },
  ]);
});

test.each<[ProgressKind, string]>([
  ['quiet', 'sha256:123\n'],
  ['none', ''],
])('%s prints nothing but %j of a build that went well', (kind, out) => {
  const options = recordingOptions();
  const { sink, finish } = createProgress(kind, options);
  sink(vertexEvent('a', { started: 1 }));
  sink(logEvent('a', 'hi\n', 1));
  sink(vertexEvent('a', { started: 1, completed: 2 }));
  finish({ imageId: 'sha256:123' });
  expect([options.out(), options.err()]).toEqual([out, '']);
});

test('quiet shows what a step printed that failed', () => {
  const options = recordingOptions();
  const { sink, finish } = createProgress('quiet', options);
  sink(vertexEvent('a', { started: 0 }));
  sink(logEvent('a', 'hi\n', 1500));
  sink(vertexEvent('a', { started: 0, completed: 2000, error: 'no' }));
  finish({});
  expect([options.out(), options.err()]).toEqual(['', '------\n > a:\n1.500 hi\n------\n']);
});

test('Without a terminal, tty is plain', () => {
  const options = recordingOptions();
  const { sink, finish } = createProgress('tty', options);
  sink(vertexEvent('a', { started: 0, completed: 2000 }));
  finish({});
  expect(options.err()).toBe('#1 a\n#1 DONE 2.0s\n');
});

test.each<[string | undefined, boolean, string | undefined, ProgressKind]>([
  [undefined, false, undefined, 'auto'],
  ['plain', false, 'tty', 'plain'],
  ['auto', false, 'rawjson', 'rawjson'],
  [undefined, false, 'none', 'none'],
  [undefined, false, '', 'auto'],
  ['auto', true, 'plain', 'quiet'],
  ['quiet', true, undefined, 'quiet'],
])('--progress %s, quiet %s and BUILDKIT_PROGRESS %s make %s', (progress, quiet, BUILDKIT_PROGRESS, kind) => {
  expect(chooseProgress({ progress, quiet, env: { BUILDKIT_PROGRESS } })).toBe(kind);
});

test.each([
  ['plan', false, 'invalid progress mode plan (did you mean plain?)'],
  ['fancy', false, 'invalid progress mode fancy'],
  ['plain', true, 'progress=plain and quiet cannot be used together'],
])('--progress %s with quiet %s is refused', (progress, quiet, message) => {
  expect(() => chooseProgress({ progress, quiet, env: {} })).toThrow(expect.objectContaining({ message }));
});

test('Warnings are explained when debugging', () => {
  const list = new WarningList();
  const source = new Source('Dockerfile', 'FROM a as b\n');
  list.note({ kind: 'warning', vertex: 'a', level: 1, short: 's', detail: ['d'], url: 'u', source, lines: [1] });
  expect(list.text({ debug: true, color: false })).toBe(`
 1 warning found:
 - s
d
More info: u
Dockerfile:1
--------------------
   1 | >>> FROM a as b
   2 |     
--------------------

`);
});
