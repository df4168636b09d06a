import { expect, test } from 'vitest';
import { historyOf, problemsOf } from './testing.ts';

const lines = (...instructions: readonly string[]) => ['FROM x', ...instructions, ''].join('\n');

test('the history has the arguments of the build and the command, in which variables are left to the shell', () => {
  expect(historyOf(lines('ARG A=1 B', 'ARG C=2', 'RUN a $A "b"'))[2]).toBe(
    'RUN |3 A=1 B= C=2 /bin/sh -c a $A "b" # buildkit',
  );
  expect(historyOf(lines('RUN ["a", "b c"]'))).toEqual(['RUN a b c # buildkit']);
  expect(historyOf(lines('RUN --network=none --mount=target=/a a'))).toEqual(['RUN /bin/sh -c a # buildkit']);
});

test('an argument that ENV has overridden has the value of ENV', () => {
  expect(historyOf(lines('ARG A=1', 'ENV A=2', 'RUN a'))[2]).toBe('RUN |1 A=2 /bin/sh -c a # buildkit');
});

test('arguments of the base come first', () => {
  expect(historyOf('FROM x AS a\nARG B=1\nFROM a\nARG A=2\nRUN c\n')[2]).toBe('RUN |2 B=1 A=2 /bin/sh -c c # buildkit');
});

test('a heredoc alone is the command, or a script if it begins with #!', () => {
  expect(historyOf(lines('RUN <<END', 'a', '  b', 'END'))).toEqual(['RUN /bin/sh -c a\n  b\n # buildkit']);
  expect(historyOf(lines('RUN <<-END', '\ta', '\tEND'))).toEqual(['RUN /bin/sh -c a\n # buildkit']);
  expect(historyOf(lines('RUN <<END', '#!/bin/python', 'END'))).toEqual(['RUN /bin/sh -c /dev/pipes/END # buildkit']);
});

test('a heredoc in a longer command is for the shell', () => {
  expect(historyOf(lines('RUN cat <<A - <<B', 'a', 'A', 'b', 'B'))).toEqual([
    'RUN /bin/sh -c cat <<A - <<B\na\nA\nb\nB # buildkit',
  ]);
});

test.each([
  ['target=/', 'mount 2: invalid mount target "/" «--mount=target=/»'],
  ['type=cache', 'mount 2: invalid mount target "/" «--mount=type=cache»'],
  ['type=tmpfs,target=.', 'mount 2: invalid mount target "/" «--mount=type=tmpfs,target=.»'],
  ['type=ssh,source=a', 'mount 2: ssh does not support source «--mount=type=ssh,source=a»'],
  ['target=$T,uid=1', 'value 2: uid not allowed for "bind" type mounts «--mount=target=$T,uid=1»'],
  ['type=secret', 'value 2: invalid secret mount. one of source, target required «--mount=type=secret»'],
  ['type=secret,id=a,source=b', "value 2: both source and id can't be set «--mount=type=secret,id=a,source=b»"],
  ['type=secret,from=x,id=a', 'value 2: secret mount should not have a from «--mount=type=secret,from=x,id=a»'],
  [
    'type=tmpfs,target=/a,sharing=locked',
    'value 2: invalid cache sharing set for tmpfs mount «--mount=type=tmpfs,target=/a,sharing=locked»',
  ],
  ['type=bin,target=/a', 'value 2: unsupported mount type "bin" (did you mean bind?) «--mount=type=bin,target=/a»'],
  ['type=$T,target=/a', 'value 2: unsupported mount type "" «--mount=type=$T,target=/a»'],
  ['target=/a,nope=1', "value 2: unexpected key 'nope' in 'nope=1' (did you mean type?) «--mount=target=/a,nope=1»"],
  ['target=/a,nope', "value 2: invalid field 'nope' must be a key=value pair «--mount=target=/a,nope»"],
  ['target=/a,size=1', "value 2: unexpected key 'size' for mount type 'bind' «--mount=target=/a,size=1»"],
  ['target=${', 'substitution 2: failed to process "${": syntax error: missing \'}\' «--mount=target=${»'],
])('--mount=%s is refused', (mount, problem) => {
  expect(problemsOf(lines(`RUN --mount=${mount} a`))).toEqual([problem]);
});

test('a relative target is below the working directory', () => {
  expect(problemsOf(lines('WORKDIR /w', 'RUN --mount=type=cache a', 'RUN --mount=target=a b'))).toEqual([]);
  expect(problemsOf(lines('WORKDIR /w', 'RUN --mount=target=.. \\', ' a'))).toEqual([
    'mount 3-4: invalid mount target "/" «--mount=target=..»',
  ]);
});

test('variables in a mount are replaced', () => {
  expect(problemsOf(lines('ARG T=cache D=/a', 'RUN --mount=type=$T,target=$D,uid=1 a'))).toEqual([]);
  expect(problemsOf(lines('ARG D=/', 'RUN --mount=target=$D a'))).toEqual([
    'mount 3: invalid mount target "/" «--mount=target=$D»',
  ]);
});

test('a cache mount begins with scratch, even if a later stage is called so', () => {
  expect(
    problemsOf('FROM a AS x\nRUN --mount=type=cache,target=/c y\nFROM b AS scratch\n', { allStages: true }),
  ).toEqual([
    expect.stringContaining(
      'cannot mount from stage "scratch" to "/c", stage needs to be defined before current command',
    ),
  ]);
});
