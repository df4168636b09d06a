import { describe, expect, test } from 'vitest';
import { createIgnoreMatcher } from '../ignore/matcher.ts';
import type { LintEvent } from './event.ts';
import { evaluateText, historyOf, problemsOf } from './testing.ts';

const lines = (...instructions: readonly string[]) => ['FROM x', ...instructions, ''].join('\n');

test('the history has the words, variables replaced, and the flags that change what arrives', () => {
  expect(historyOf(lines('ENV A=a', 'COPY --link --exclude=x --chown=$A:b --chmod=644 $A "b" /c/'))[1]).toBe(
    'COPY --chown=a:b --chmod=644 a b /c/ # buildkit',
  );
  expect(historyOf(lines('COPY --parents a /b'))).toEqual(['COPY --parents a /b # buildkit']);
  expect(historyOf(lines('ADD ["a b", "/c"]'))).toEqual(['ADD a b /c # buildkit']);
  expect(historyOf(lines('COPY a <<B <<"C" /d/', 'B', 'C'))).toEqual(['COPY a <<B <<C /d/ # buildkit']);
});

test.each([
  ['COPY http://a/b c', "transfer 2: source can't be a URL for COPY «http://a/b»"],
  ['COPY a https://a/b c/', "transfer 2: source can't be a URL for COPY «https://a/b»"],
  ['COPY https://github.com/a/b.git c', "transfer 2: source can't be a git ref for COPY «https://github.com/a/b.git»"],
  ['COPY git@github.com:a/b.git c', "transfer 2: source can't be a git ref for COPY «git@github.com:a/b.git»"],
  ['ADD --checksum=sha256:1 a b', 'transfer 2: checksum requires HTTP(S) or Git sources «--checksum=sha256:1»'],
  [
    'ADD --checksum=sha256:1 http://a/b c d/',
    "transfer 2: checksum can't be specified for multiple sources «--checksum=sha256:1»",
  ],
  ['ADD --checksum=sha256:1 http://a/b c', 'value 2: invalid checksum digest length «--checksum=sha256:1»'],
  ['ADD --checksum=nope http://a/b c', 'value 2: invalid checksum digest format «--checksum=nope»'],
  [
    'ADD https://github.com/a/b.git?nope=1 c',
    'transfer 2: unexpected query "nope" «https://github.com/a/b.git?nope=1»',
  ],
  [
    'ADD --keep-git-dir https://github.com/a/b.git?keep-git-dir=false c',
    'transfer 2: inconsistent keep-git-dir configuration «https://github.com/a/b.git?keep-git-dir=false»',
  ],
  [
    'ADD --checksum=aaaa https://github.com/a/b.git?checksum=bbbb c',
    'transfer 2: checksum mismatch "aaaa" != "bbbb" «https://github.com/a/b.git?checksum=bbbb»',
  ],
  [
    'COPY --chmod=999 a b',
    "value 2: invalid chmod parameter: '999'. it should be octal string and between 0 and 07777 «--chmod=999»",
  ],
  ['COPY --chmod=$A a b', 'value 3: invalid syntax «--chmod=$A»'],
  ['COPY --chown=${ a b', 'substitution 2: failed to process "${": syntax error: missing \'}\' «--chown=${»'],
  ['COPY a${ \\\n b', 'substitution 2-3: failed to process "a${": syntax error: missing \'}\' «${»'],
])('%j is refused', (line, problem) => {
  const before = line.includes('$A') ? ['ENV A=nope'] : [];
  expect(problemsOf(lines(...before, line))).toEqual([problem]);
});

test.each([
  'ADD http://a/b c',
  `ADD --checksum=sha256:${'0'.repeat(64)} http://a/b c`,
  'ADD https://github.com/a/b.git#main:dir c',
  'ADD --keep-git-dir=true git@github.com:a/b.git c',
  `ADD --checksum=${'a'.repeat(40)} https://github.com/a/b.git c`,
  'COPY github.com/a/b c',
  'COPY --chmod=u+x,g-w a b',
  'COPY --chmod=07777 a b',
  'COPY --chmod= a b',
])('%j is fine', (line) => {
  expect(problemsOf(lines(line))).toEqual([]);
});

test('variables in a heredoc are looked at, its quotes are text', () => {
  expect(problemsOf(lines('COPY <<END /a', 'it\'s "${A:-b}"', 'END'))).toEqual([]);
  expect(problemsOf(lines('COPY <<END /a', 'b ${A?}', 'END'))).toEqual([
    'substitution 2-4: failed to process "b ${A?}\\n": A: is not allowed to be unset «${A?}\n»',
  ]);
  expect(problemsOf(lines("COPY <<'END' /a", 'b ${', 'END'))).toEqual([]);
});

describe('what is taken from the context', () => {
  function sources(line: string, ...patterns: readonly string[]): readonly unknown[] {
    const seen: unknown[] = [];
    const listen = (event: LintEvent) => {
      if (event.kind === 'contextSource') seen.push([event.path, event.isIgnored]);
    };
    evaluateText(lines('ENV A=a', line), { ignore: createIgnoreMatcher(patterns), listen });
    return seen;
  }

  test('is asked of the ignore file, cleaned', () => {
    expect(sources('COPY $A/../b ./c/ d /e/', 'b', 'c/x')).toEqual([
      ['b', true],
      ['c', false],
      ['d', false],
    ]);
    expect(sources('ADD b/x http://a/b /c/', 'b')).toEqual([['b/x', true]]);
  });

  test('is not asked where exceptions leave it open', () => {
    expect(sources('COPY b /c', 'b', '!b/x')).toEqual([]);
  });

  test('the root is ignored if everything is', () => {
    expect(sources('COPY . / /c/', 'b', '.*')).toEqual([
      ['.', false],
      ['/', false],
    ]);
    for (const pattern of ['*', '**', '**/*']) expect(sources('COPY . /c', pattern)).toEqual([['.', true]]);
  });

  test('files of stages are not taken from the context', () => {
    expect(sources('COPY --from=y b /c', 'b')).toEqual([]);
  });
});
