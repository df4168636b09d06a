import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Span } from '../../diagnostic/source.ts';
import { spaceClass, trimSpace } from '../lexer/whitespace.ts';
import type { Arguments, Ast, Instruction, Statement, Word } from './ast.ts';
import { dockerfileText, parse, tokenSoup } from './testing.ts';

function slice({ source, start, end }: Span): string {
  return source.text.slice(start, end);
}

function chain(statement: Statement): readonly Instruction[] {
  const instructions: Instruction[] = [statement];
  for (let args: Arguments = statement.arguments; args.kind === 'trigger'; args = args.instruction.arguments) {
    instructions.push(args.instruction);
  }
  return instructions;
}

/** The words of arguments whose value is what is written, save for continuation lines. */
function verbatimWords(args: Arguments): readonly Word[] {
  switch (args.kind) {
    case 'text':
      return [args.text];
    case 'words':
      return args.words;
    case 'pairs':
      return args.pairs.flatMap(({ key, value }) => (value ? [key, value] : [key]));
    case 'probe':
      return [args.type, ...verbatimWords(args.command)];
    default:
      return [];
  }
}

/** A problem as `code: message [lines] «what the caret is under»`. */
function problemsOf(text: string): readonly string[] {
  return parse(text).problems.map(
    ({ code, message, lines, span }) => `${code}: ${message} [${(lines ?? []).join(', ')}] «${slice(span)}»`,
  );
}

describe('any text', () => {
  it('has exactly one reading', () => {
    fc.assert(
      fc.property(tokenSoup, (text) => {
        parse(text);
      }),
      { numRuns: 5000 },
    );
  });

  it('has problems inside of it', () => {
    fc.assert(
      fc.property(fc.oneof(dockerfileText, tokenSoup), (text) => {
        for (const { span } of parse(text).problems) expectInside(span);
      }),
    );
  });
});

function expectInside({ source, start, end }: Span): void {
  expect(start).toBeGreaterThanOrEqual(0);
  expect(end).toBeGreaterThanOrEqual(start);
  expect(end).toBeLessThanOrEqual(source.text.length);
}

/** A flag may end inside a character; the rest of its bytes then begin the first argument. */
function startsInsideCharacter(value: string, written: string): boolean {
  return /^[\udc80-\udcff\ufffd]/.test(value) && !value.startsWith(written[0] ?? '');
}

describe('spans', () => {
  function forStatements(check: (statement: Statement, ast: Ast) => void): void {
    fc.assert(
      fc.property(dockerfileText, (text) => {
        const ast = parse(text);
        for (const statement of ast.statements) check(statement, ast);
      }),
      { numRuns: 1000 },
    );
  }

  it('of words hold their values', () => {
    forStatements((statement, { escape }) => {
      const dropped = new RegExp(`[\\${escape}][ \\t]*\\r*\\n(?:[${spaceClass}]*(?:#[^\\n]*)?\\n)*`, 'g');
      for (const { keyword, arguments: args } of chain(statement)) {
        for (const word of [keyword, ...verbatimWords(args)]) {
          const written = slice(word.span).replace(dropped, '');
          if (startsInsideCharacter(word.value, written)) continue;
          expect(written.toWellFormed()).toBe(word.value.toWellFormed());
        }
      }
    });
  });

  it('of the parts of an instruction are in order and within it', () => {
    forStatements((statement) => {
      let at = statement.span.start;
      for (const { keyword, flags, arguments: args } of chain(statement)) {
        const items = args.kind === 'array' ? args.items : verbatimWords(args);
        for (const { span } of [keyword, ...flags, ...items]) {
          expect(span.start).toBeGreaterThanOrEqual(at);
          expect(span.end).toBeGreaterThanOrEqual(span.start);
          at = span.end;
        }
      }
      expect(at).toBeLessThanOrEqual(statement.span.end);
    });
  });

  it('of heredocs hold their contents', () => {
    forStatements(({ heredocs, span }) => {
      for (const heredoc of heredocs) {
        expect(slice(heredoc.span)).toBe(heredoc.content);
        expect(heredoc.span.end).toBeLessThanOrEqual(span.end);
      }
    });
  });

  it('of comments hold their texts', () => {
    forStatements(({ comments }) => {
      for (const { value, span } of comments) expect(slice(span)).toContain(value);
    });
  });

  it('of instructions are in order, and all between them is comments, blank lines and continuations', () => {
    fc.assert(
      fc.property(dockerfileText, (text) => {
        const { statements, escape } = parse(text);
        let at = 0;
        for (const { span, lines } of statements) {
          expect(span.start).toBeGreaterThanOrEqual(at);
          expectNothing(text.slice(at, span.start), escape);
          expect(span.source.lineAt(span.start)).toBeGreaterThanOrEqual(lines[0]);
          expect(lines[1]).toBeGreaterThanOrEqual(lines[0]);
          at = span.end;
        }
        expectNothing(text.slice(at), escape);
      }),
      { numRuns: 1000 },
    );
  });

  function expectNothing(text: string, escape: string): void {
    const rest = text
      .replace(/^\ufeff/, '')
      .split('\n')
      .filter((line) => !trimSpace(line).startsWith('#'))
      .join('')
      .replaceAll(escape, '');
    expect(trimSpace(rest)).toBe('');
  }
});

describe('statements', () => {
  it('know their lines, from the first to the last of a heredoc', () => {
    const { statements } = parse('\nFROM a\n\nRUN b \\\n\n  c\nCOPY <<A <<B /d/\nA\nb\nB\n# e\nCMD f\n');
    expect(statements.map(({ lines }) => lines)).toEqual([
      [2, 2],
      [4, 6],
      [7, 10],
      [12, 12],
    ]);
  });

  it('know their text, spans and blank lines', () => {
    const text = 'RUN <<A \\\n\n  b\nc\nA\nCMD d';
    const [run, cmd] = parse(text).statements;
    expect(run).toMatchObject({ text: 'RUN <<A   b', blankLines: [2] });
    expect(run && slice(run.span)).toBe('RUN <<A \\\n\n  b\nc\nA\n');
    expect(cmd && slice(cmd.span)).toBe('CMD d');
  });

  it.each([
    ['RUN <<A\n', ['A']],
    ['COPY <<A <<A /b/\n', ['A', 'A']],
    ['ADD <<A /b\n', ['A']],
    ['ONBUILD RUN <<A\n', ['A']],
    ['ONBUILD COPY <<A /b\n', ['A']],
    ['ONBUILD ONBUILD RUN <<A\n', []],
    ['CMD <<A\n', []],
    ['ENV a=<<A\n', []],
    ['ENTRYPOINT <<A\n', []],
    ['FOO <<A\n', []],
    ['RUN ["<<A"]\n', []],
    ['COPY ["<<A", "/b"]\n', []],
    ['RUN --mount=type=bind <<A\n', ['A']],
    ['RUN [<<A]\n', []],
  ])('may have heredocs: %j', (text, names) => {
    const { statements } = parse(`${text}A\n`.repeat(2));
    expect(statements[0]?.heredocs.map(({ name }) => name)).toEqual(names);
  });
});

describe('problems', () => {
  it.each([
    ['', 'dockerfile/no-instructions: file with no instructions [0, 0] «»'],
    ['\ufeff', 'dockerfile/no-instructions: file with no instructions [1, 1] «»'],
    ['\n# a\n \n', 'dockerfile/no-instructions: file with no instructions [3, 3] «»'],
    ['ENV a', 'dockerfile/pair-without-value: ENV must have two arguments [1, 1] «a»'],
    ['\nlabel a\\\nb', 'dockerfile/pair-without-value: LABEL must have two arguments [2, 3] «a\\\nb»'],
    ['ONBUILD ENV a', 'dockerfile/pair-without-value: ENV must have two arguments [1, 1] «a»'],
    [
      'ENV a=b c d',
      'dockerfile/pair-without-equals: Syntax error - can\'t find = in "c". Must be of the form: name=value [1, 1] «c»',
    ],
    [
      'ENV a=b "c d"',
      'dockerfile/pair-without-equals: Syntax error - can\'t find = in "\\"c d\\"". Must be of the form: name=value [1, 1] «"c d"»',
    ],
    [
      'CMD [1]',
      'dockerfile/array-of-others: when using JSON array syntax, arrays must be comprised of strings only [1, 1] «[1]»',
    ],
    [
      'FROM a\nONBUILD COPY ["a",\\\n null]',
      'dockerfile/array-of-others: when using JSON array syntax, arrays must be comprised of strings only [2, 3] «["a",\\\n null]»',
    ],
    ['RUN <<A\nb\n', 'dockerfile/heredoc-unterminated: unterminated heredoc [1, 2] «RUN <<A»'],
    ['FROM a\nRUN <<A \\\n b\nc', 'dockerfile/heredoc-unterminated: unterminated heredoc [2, 4] «RUN <<A »'],
    [
      `FROM a\n#${'b'.repeat(65_535)}`,
      `dockerfile/line-too-long: dockerfile line greater than max allowed size of 65535 [1, 1] «#${'b'.repeat(65_535)}»`,
    ],
  ])('name what is wrong with %j', (text, expected) => {
    expect(problemsOf(text)).toEqual([expected]);
  });

  it('are all found, the one that BuildKit names first', () => {
    const text = '# escape=x\nFROM a\nENV b\nRUN c\nLABEL d=e f\nCMD [1]\nCOPY <<A <<B /\n';
    expect(parse(text).problems.map(({ code }) => code)).toEqual([
      'dockerfile/escape-invalid',
      'dockerfile/pair-without-value',
      'dockerfile/pair-without-equals',
      'dockerfile/array-of-others',
      'dockerfile/heredoc-unterminated',
      'dockerfile/heredoc-unterminated',
    ]);
  });

  it('do not hide the instructions around them', () => {
    const { statements } = parse('FROM a\nENV b\nCMD [1]\nRUN c');
    expect(statements.map(({ name }) => name)).toEqual(['from', 'env', 'cmd', 'run']);
  });

  it('of a heredoc come before that of an overlong line in it', () => {
    expect(parse(`RUN <<A\n${'b'.repeat(70_000)}\nA\n`).problems.map(({ code }) => code)).toEqual([
      'dockerfile/heredoc-unterminated',
      'dockerfile/line-too-long',
    ]);
  });

  it('of a file whose first line is too long are that it has no instructions', () => {
    expect(parse('a'.repeat(70_000)).problems.map(({ code }) => code)).toEqual(['dockerfile/no-instructions']);
  });
});
