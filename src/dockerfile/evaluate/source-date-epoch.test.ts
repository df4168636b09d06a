import { expect, test } from 'vitest';
import { environmentOf, problemsOf } from './testing.ts';

const name = 'SOURCE_DATE_EPOCH';
const given = (value: string) => ({ buildArgs: { [name]: value } });
const lines = `FROM x\nARG ${name}\nENV A=\${${name}-unset}\n`;

test('a number of seconds is handed to the stages that ask for it', () => {
  expect(environmentOf(lines, given('1700000000'))).toEqual(['A=1700000000']);
  expect(environmentOf(`ARG ${name}=5\n${lines}`)).toEqual(['A=5']);
  expect(environmentOf(`ARG ${name}=5\n${lines}`, given('6'))).toEqual(['A=6']);
  expect(environmentOf(lines)).toEqual(['A=unset']);
  for (const bound of ['253402300799', '-62167219200'])
    expect(environmentOf(lines, given(bound))).toEqual([`A=${bound}`]);
});

test.each(['abc', '1.5', '1e3', ' 1', '253402300800', '9999999999999', '-62167219201'])('%j is no time', (value) => {
  expect(problemsOf(lines, given(value))).toEqual([`source-date-epoch -: invalid ${name}: ${value} «»`]);
});

test('an empty one resets, and the context is a source', () => {
  expect(problemsOf(lines, given(''))).toEqual([]);
  expect(problemsOf(`ARG ${name}=context\n${lines}`)).toEqual([]);
  expect(environmentOf(`ARG ${name}=context\n${lines}`)).toEqual(['A=unset']);
});

test('stages get the time of a source, and nothing if it has none', () => {
  const asked: unknown[] = [];
  const timed = (value: string, time: number | undefined) => ({
    ...given(value),
    namedContext: (context: string) => (context === 'app' ? ({ kind: 'local', name: 'app' } as const) : undefined),
    timeOf: (source: unknown) => {
      asked.push(source);
      return time;
    },
  });
  expect(environmentOf(lines, timed('context', 7))).toEqual(['A=7']);
  expect(environmentOf(lines, timed('context', undefined))).toEqual(['A=unset']);
  expect(environmentOf(lines, timed('app', 0))).toEqual(['A=0']);
  const add = `FROM scratch AS Time\nARG V=1.git\nADD --keep-git-dir https://a/$V c\n${lines}`;
  expect(environmentOf(add, timed('time', 8))).toEqual(['A=8']);
  expect(asked).toEqual([
    { kind: 'context', name: 'context' },
    { kind: 'context', name: 'context' },
    { kind: 'context', name: 'app' },
    { kind: 'add', stage: 'time', url: 'https://a/1.git', checksum: '', keepGitDir: true },
  ]);
  expect(environmentOf(lines, timed('007', 1))).toEqual(['A=7']);
});

test('a stage is a source if it is a single remote ADD', () => {
  const sources = [
    'ADD http://a/b /c',
    'ADD https://github.com/a/b.git /c',
    'ARG V=1\nARG W=$V\nADD http://a/$W /c',
    `ADD --checksum=sha256:${'0'.repeat(64)} http://a/b /c`,
  ];
  for (const source of sources) {
    expect(problemsOf(`FROM scratch AS Time\n${source}\n${lines}`, given('TIME'))).toEqual([]);
  }
});

test.each([
  ['FROM x AS s\nADD http://a/b c', 'stage must use FROM scratch'],
  ['FROM scratch AS s', 'stage must contain exactly one remote ADD'],
  ['FROM scratch AS s\nADD http://a/b c\nADD http://a/b c', 'stage must contain exactly one remote ADD'],
  ['FROM scratch AS s\nADD http://a/b http://a/c d/', 'stage must contain exactly one remote ADD source'],
  ['FROM scratch AS s\nADD <<A b\nA', 'stage must contain exactly one remote ADD source'],
  ['FROM scratch AS s\nADD a b', 'stage source must be a single HTTP(S) or Git ADD'],
  ['FROM scratch AS s\nRUN a', 'stage does not meet source-only requirements: unsupported RUN instruction'],
  ['FROM scratch AS s\ncopy a b', 'stage does not meet source-only requirements: unsupported copy instruction'],
])('%j is no source', (stage, message) => {
  expect(problemsOf(`${stage}\n${lines}`, given('s'))).toEqual([
    `source-date-epoch 1: ${name} ${message} «FROM ${stage.split(' ')[1] ?? ''} AS s»`,
  ]);
});

test('its ADD is checked as another one', () => {
  expect(problemsOf(`FROM scratch AS s\nADD --checksum=sha256:1 http://a/b c\n${lines}`, given('s'))).toEqual([
    'value 1: invalid checksum digest length «--checksum=sha256:1»',
  ]);
  expect(problemsOf(`FROM scratch AS s\nADD https://github.com/a/b.git?nope=1 c\n${lines}`, given('s'))).toEqual([
    'source-date-epoch 1: unexpected query "nope" «FROM scratch AS s»',
  ]);
  expect(problemsOf(`FROM scratch AS s\nADD \${ c\n${lines}`, given('s'))).toEqual([
    'substitution 1: failed to process "${": syntax error: missing \'}\' «${»',
  ]);
});
