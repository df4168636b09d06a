import { describe, expect, it } from 'vitest';
import { Source } from '../src/diagnostic/source.ts';
import { decodeText } from '../src/dockerfile/lexer/decode.ts';
import { lintDockerfile, type LintResult } from '../src/dockerfile/lint/lint.ts';
import { printDockerfile } from '../src/dockerfile/parser/print.ts';

/*
 * Files that nobody writes by accident. What takes quadratic time shows as a timeout here.
 */

const many = 100_000;
/** Fits into a line with something before and behind. */
const lineful = 65_000;

const platform = { os: 'linux', architecture: 'amd64' };

function lint(source: Source): LintResult {
  return lintDockerfile(source, {
    buildArgs: new Map(),
    allStages: true,
    buildPlatform: platform,
    targetPlatform: platform,
    baseImage: () => undefined,
    keepSteps: false,
  });
}

function repeat(first: string, repeated: string, last = ''): string {
  return `FROM a\n${first}${repeated.repeat(many)}${last}\n`;
}

function heredocs(count: number): string {
  const names = Array.from({ length: count }, (_, index) => `E${index}`);
  const starts = names.map((name) => `<<${name} \\\n`).join('');
  return `FROM a\nCOPY ${starts} /a/\n${names.map((name) => `${name}\n`).join('')}`;
}

function randomBytes(length: number): string {
  const bytes = new Uint8Array(length);
  let state = 1;
  for (let at = 0; at < length; at++) bytes[at] = (state = (state * 48271) % 2147483647) >> 8;
  return decodeText(bytes);
}

const cases: Readonly<Record<string, string>> = {
  'a line of a megabyte': `FROM a\nRUN ${'x'.repeat(2 ** 20)}`,
  'a first line of a megabyte': 'x'.repeat(2 ** 20),
  'continuation lines': repeat('RUN ', 'a \\\n', 'b'),
  'comments in a continuation': repeat('RUN a \\\n', '# b\n', 'c'),
  'blank lines in a continuation': repeat('RUN a \\\n', '\n', 'c'),
  flags: repeat('COPY ', '--exclude=a \\\n', 'b c'),
  'flags that are not ASCII': repeat('COPY ', '--exclude=é \\\n', 'b c'),
  'unknown flags': repeat('RUN ', '--a \\\n'),
  'fields of a mount': repeat('RUN --mount=', 'ro,\\\n', 'target=/a b'),
  'nested triggers': repeat('', 'ONBUILD \\\n', 'RUN a'),
  'nested triggers with flags that are not ASCII': repeat('', 'ONBUILD --é \\\n', 'RUN a'),
  words: repeat('COPY ', 'a \\\n', 'b'),
  'words of FROM': repeat('FROM ', 'a \\\n'),
  pairs: repeat('ENV ', 'a=b \\\n'),
  'elements of an array': repeat('CMD [\\\n', '"a",\\\n', '"a"]'),
  'elements of what is no array': repeat('CMD [\\\n', '"a",\\\n', ']'),
  'objects in an array': repeat('CMD [\\\n', '{"a": 1},\\\n', '""]'),
  'nested arrays': repeat('CMD ', '[\\\n'),
  'nested arrays that end': `FROM a\nCMD ${'['.repeat(30_000)}${']'.repeat(30_000)}`,
  'an unterminated array': `FROM a\nCMD ["${'a'.repeat(lineful)}`,
  heredocs: heredocs(many),
  'heredocs without ends': repeat('RUN ', '<<A \\\n'),
  'lines of a heredoc': repeat('RUN <<A\n', 'b\n', 'A'),
  'lines of a heredoc without end': repeat('RUN <<A\n', 'b\n'),
  'carriage returns in a heredoc': `FROM a\nRUN <<A\n${`${'\r'.repeat(lineful)}b\n`.repeat(20)}A\n`,
  'tabs in a heredoc': `FROM a\nCOPY <<-A /b\n${`${'\t'.repeat(lineful)}b\n`.repeat(20)}A\n`,
  'operators of heredocs': `FROM a\nRUN ${'<< '.repeat(lineful / 4)}`,
  'unterminated double quotes': `FROM a\nENV a="${'b '.repeat(lineful / 2)}`,
  'unterminated single quotes': `FROM a\nENV a='${'b '.repeat(lineful / 2)}`,
  'unterminated quotes of a flag': `FROM a\nRUN --a="${'b '.repeat(lineful / 2)}`,
  quotes: `FROM a\nENV a=${'"'.repeat(lineful)}`,
  'quotes of both kinds': `FROM a\nENV a=${`'"`.repeat(lineful / 2)}`,
  'quotes and escapes': `FROM a\nENV a=${'"\\'.repeat(lineful / 2)}`,
  'quotes of flags': `FROM a\nRUN --a=${'"'.repeat(lineful)} b`,
  'escape characters': `FROM a\nRUN ${'\\'.repeat(lineful)}`,
  'escape characters in a word': `FROM a\nENV a=${'\\'.repeat(lineful)}b`,
  'other escape characters': `# escape=\`\nFROM a\nENV a=${'`'.repeat(lineful)}b`,
  blanks: `FROM a\nRUN a${' '.repeat(lineful)}b`,
  'blanks at the end': `FROM a\nRUN a${' '.repeat(lineful)}`,
  'blanks behind an escape character': `FROM a\nRUN a \\${' '.repeat(lineful)}b\n c`,
  'wide blanks': `FROM a\nRUN a${'\u00a0'.repeat(lineful / 4)}\nARG b${'\u2003'.repeat(lineful / 4)}c`,
  'blanks in directives': `# syntax${' '.repeat(lineful)}\n# escape =${' '.repeat(lineful)}\`\nFROM a`,
  'carriage returns': `FROM a\nRUN a${'\r'.repeat(lineful)}b${'\r'.repeat(100)}\n`,
  'zero bytes': `FROM a\nRUN ${'\0'.repeat(lineful)}\n${'\0'.repeat(lineful)}`,
  'bytes that are not UTF-8': `FROM a\nCOPY --chown=${'\udcff'.repeat(60_000)} ${'\udc80'.repeat(1000)} b`,
  'random bytes': randomBytes(2 ** 18),
  'nested variables': `FROM a\nENV a=${'${a:-'.repeat(lineful / 5)}`,
  'nested variables that end': `FROM a\nENV a=${'${a:-'.repeat(10_000)}${'}'.repeat(10_000)}`,
  'nested quotes and variables': `FROM a\nENV a=${'"${a:-'.repeat(10_000)}`,
  'nested variables where heredocs are looked for': `FROM a\nRUN << ${'${a:-'.repeat(10_000)}`,
  'letters of an instruction that does not exist': `FROM a\n${'FRO'.repeat(20_000)} b`,
  'letters of a flag that does not exist': `FROM a\nRUN --${'moun'.repeat(15_000)}=a b`,
  'instructions that do not exist': `FROM a\n${'FOO b\n'.repeat(10_000)}`,
  'instructions with a problem': `FROM a\n${'ENV b\n'.repeat(20_000)}`,
  directives: '# syntax=a\n'.repeat(many),
  'blank lines': '\n'.repeat(many),
};

describe.each(Object.entries(cases))('a hostile file: %s', (_, text) => {
  it('is read without a crash, every problem being inside of it, and printed', { timeout: 5000 }, () => {
    const source = new Source('Dockerfile', text);
    const { file, problems } = lint(source);
    const isInside = ({ span }: { readonly span: { readonly start: number; readonly end: number } }) =>
      0 <= span.start && span.start <= span.end && span.end <= text.length;
    expect([...file.ast.problems, ...file.problems, ...problems].filter((problem) => !isInside(problem))).toEqual([]);
    expect(printDockerfile(file.ast).length).toBeLessThan(4 * text.length + 100);
  });
});
