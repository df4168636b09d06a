import { describe, expect, it } from 'vitest';
import { Source } from '../../diagnostic/source.ts';
import { LineReader, longestLine } from './line-reader.ts';
import { SpanMapper, type LogicalLine } from './logical-line.ts';

function readLines(text: string): readonly LogicalLine[] {
  const reader = new LineReader(new Source('Dockerfile', text));
  const lines: LogicalLine[] = [];
  for (let line = reader.next(); line; line = reader.next()) lines.push(line);
  return lines;
}

/** `first-last: text`. */
function describeLines(text: string): readonly string[] {
  return readLines(text).map(({ lines: [first, last], text: line }) => `${first}-${last}: ${line}`);
}

function problemsOf(text: string) {
  const reader = new LineReader(new Source('Dockerfile', text));
  while (reader.next());
  return [...reader.problems, ...(reader.overlong ? [reader.overlong] : [])];
}

describe('logical lines', () => {
  it.each([
    ['a\nb\n', ['1-1: a', '2-2: b']],
    ['a\nb', ['1-1: a', '2-2: b']],
    ['\n \t\n\u00a0\u0085\na', ['4-4: a']],
    ['\t \u00a0a b', ['1-1: a b']],
    ['a \t\n', ['1-1: a \t']],
    ['', []],
    ['\n', []],
  ])('are the lines that are not blank, without indentation: %j', (text, lines) => {
    expect(describeLines(text)).toEqual(lines);
  });

  it.each([
    ['a \\\nb', ['1-2: a b']],
    ['a\\\n  b', ['1-2: a  b']],
    ['a\\ \t\nb', ['1-2: ab']],
    ['a \\\n', ['1-1: a ']],
    ['a \\', ['1-1: a ']],
    ['a\\\\\nb', ['1-1: a\\\\', '2-2: b']],
    ['a\\\\\\\nb', ['1-1: a\\\\\\', '2-2: b']],
    ['a \\b\nc', ['1-1: a \\b', '2-2: c']],
    ['\\\na', ['1-2: a']],
    ['a\\\n\\\nb', ['1-3: ab']],
    ['a\\\n  \\\nb', ['1-3: a  b']],
    ['a\\\f\nb', ['1-1: a\\\f', '2-2: b']],
    ['\\', ['1-1: ']],
  ])('go on behind an escape character: %j', (text, lines) => {
    expect(describeLines(text)).toEqual(lines);
  });

  it.each([
    ['a \\\n# c\n\t # d\nb', ['1-4: a b']],
    ['a \\\n# c \\\nb', ['1-3: a b']],
    ['a \\\n\n \t\nb', ['1-4: a b']],
    ['a \\\n# c\n', ['1-2: a ']],
    ['a \\\n\n', ['1-2: a ']],
    ['a \\\nb # c\nd', ['1-2: a b # c', '3-3: d']],
  ])('lose comments and blank lines on the way: %j', (text, lines) => {
    expect(describeLines(text)).toEqual(lines);
  });

  it('know the blank lines that they lost', () => {
    expect(readLines('a \\\n\n# c\n \r\nb\n\nc').map(({ blankLines }) => blankLines)).toEqual([[2, 4], []]);
  });

  it('end at LF or CRLF; other carriage returns belong to them', () => {
    expect(describeLines('a\r\nb \\\r\n c\r\r\nd\re\r\n')).toEqual(['1-1: a', '2-3: b  c', '4-4: d\re']);
  });

  it('begin behind a byte order mark, but only one', () => {
    expect(describeLines('\ufeffa\n\ufeffb')).toEqual(['1-1: a', '2-2: \ufeffb']);
    expect(describeLines('\ufeff\ufeffa')).toEqual(['1-1: \ufeffa']);
    expect(describeLines('\ufeff# escape=`\na `\nb')).toEqual(['2-3: a b']);
  });

  it('skip a #! line, which is a comment', () => {
    expect(readLines('#!/bin/sh\na')[0]?.comments.map(({ value }) => value)).toEqual(['!/bin/sh']);
  });

  it('keep what is not UTF-8', () => {
    expect(describeLines('\udcffa\\\n\udcfe\0')).toEqual(['1-2: \udcffa\udcfe\0']);
  });
});

describe('comments', () => {
  const commentsOf = (text: string) => readLines(text).map(({ comments }) => comments.map(({ value }) => value));

  it.each([
    ['# a\n#b\t\n\n#  c  \nx', [['a', 'b', 'c']]],
    ['# a\nx\ny', [['a'], []]],
    ['# a\n#\n# b\nx', [['b']]],
    ['# a\n# \t\nx', [[]]],
    ['  # a\nx', [['# a']]],
    ['x \\\n# a\ny\nz', [[], []]],
    ['## a\nx', [['# a']]],
    ['# syntax=a\n# b\nx', [['b']]],
    ['# b\n# syntax=a\nx', [['b', 'syntax=a']]],
  ])('belong to the line below: %j', (text, comments) => {
    expect(commentsOf(text)).toEqual(comments);
  });

  it('know where they stand', () => {
    const source = '\n  # a \r\nx';
    const [comment] = readLines(source)[0]?.comments ?? [];
    expect(source.slice(comment?.span.start, comment?.span.end)).toBe('  # a ');
  });
});

describe('directives', () => {
  it('are read at the top only', () => {
    const reader = new LineReader(new Source('Dockerfile', '# syntax=a\n  # escape=`\n\n# check=b\nx'));
    reader.next();
    expect(reader.directives.map(({ name, value }) => `${name} ${value}`)).toEqual(['syntax a', 'escape `']);
    expect(reader.escape).toBe('`');
  });

  it('change the character that continues a line', () => {
    expect(describeLines('# escape=`\na `\nb \\\nc')).toEqual(['2-3: a b \\', '4-4: c']);
    expect(describeLines('# escape=`\na ``\nb')).toEqual(['2-2: a ``', '3-3: b']);
    expect(describeLines('# escape=\\\na \\\nb')).toEqual(['2-3: a b']);
  });

  it.each([
    [
      '# escape=x\na',
      'dockerfile/escape-invalid',
      "invalid escape token 'x' does not match ` or \\",
      [0, 0],
      '# escape=x',
    ],
    [
      '# escape=``\na',
      'dockerfile/escape-invalid',
      "invalid escape token '``' does not match ` or \\",
      [0, 0],
      '# escape=``',
    ],
    [
      '# escape=`\n # escape=`\r\na',
      'dockerfile/directive-repeated',
      'only one escape parser directive can be used',
      [1, 1],
      '# escape=`',
    ],
  ])('are refused: %j', (text, code, message, lines, caret) => {
    const [found] = problemsOf(text);
    expect(found).toMatchObject({ code, message, lines });
    expect(text.slice(found?.span.start, found?.span.end)).toBe(caret);
  });

  it('have their problems all named', () => {
    expect(problemsOf('# escape=x\n# syntax=a\n# syntax=b\n# syntax=c\nx').map(({ message }) => message)).toEqual([
      "invalid escape token 'x' does not match ` or \\",
      'only one syntax parser directive can be used',
      'only one syntax parser directive can be used',
    ]);
  });
});

describe('overlong lines', () => {
  const limit = (text: string) => problemsOf(text).map(({ message, lines }) => `${lines?.join('-') ?? ''} ${message}`);
  const refused = `dockerfile line greater than max allowed size of ${longestLine}`;

  it('are measured in bytes, without the line feed', () => {
    expect(limit(`a\n${'b'.repeat(longestLine)}\nc`)).toEqual([]);
    expect(limit(`a\n${'b'.repeat(longestLine + 1)}\nc`)).toEqual([`1-1 ${refused}`]);
    expect(limit(`${'é'.repeat(longestLine / 2)}\n`)).toEqual([]);
    expect(limit(`${'é'.repeat(longestLine / 2 + 1)}\n`)).toEqual([`0-0 ${refused}`]);
    expect(limit('\udcff'.repeat(longestLine))).toEqual([]);
  });

  it('include carriage returns and a byte order mark', () => {
    expect(limit(`${'a'.repeat(longestLine)}\r\n`)).toEqual([`0-0 ${refused}`]);
    expect(limit(`\ufeff${'a'.repeat(longestLine - 3)}\n`)).toEqual([]);
    expect(limit(`\ufeff${'a'.repeat(longestLine - 2)}\n`)).toEqual([`0-0 ${refused}`]);
  });

  it('end the file', () => {
    expect(describeLines(`a\n${'b'.repeat(longestLine + 1)}\nc`)).toEqual(['1-1: a']);
    expect(describeLines(`a \\\n${'b'.repeat(longestLine + 1)}\nc`)).toEqual(['1-1: a ']);
  });

  it('may be joined of shorter ones', () => {
    expect(readLines(`${'a'.repeat(60_000)}\\\n`.repeat(3))[0]?.text.length).toBe(180_000);
  });
});

describe('heredocs', () => {
  function readHeredoc(text: string, delimiter: string, chomp = false) {
    const source = new Source('Dockerfile', text);
    const reader = new LineReader(source);
    reader.next();
    const body = reader.heredoc(delimiter, chomp);
    return { ...body, next: reader.next()?.text, line: reader.lineNumber };
  }

  it('hold the lines up to the delimiter, whatever they look like', () => {
    expect(readHeredoc('x\n# a\n\n b \\\nEOF \n\tEOF\nEOF\ny\n', 'EOF')).toEqual({
      content: '# a\n\n b \\\nEOF \n\tEOF\n',
      start: 2,
      unterminated: false,
      next: 'y',
      line: 8,
    });
  });

  it('may be empty', () => {
    expect(readHeredoc('x\nEOF\ny', 'EOF')).toMatchObject({ content: '', unterminated: false, next: 'y' });
  });

  it('end at an indented delimiter if tabs do not count', () => {
    expect(readHeredoc('x\n\ta\n EOF\n\t\tEOF\ny', 'EOF', true)).toMatchObject({ content: '\ta\n EOF\n', next: 'y' });
  });

  it('end at a delimiter with CRLF, and keep the line endings of their content', () => {
    expect(readHeredoc('x\r\na\r\nEOF\r\ny', 'EOF')).toMatchObject({ content: 'a\r\n', next: 'y' });
  });

  it('end at a delimiter without line ending', () => {
    expect(readHeredoc('x\na\nEOF', 'EOF')).toMatchObject({ content: 'a\n', unterminated: false, next: undefined });
  });

  it('say that the delimiter is missing', () => {
    expect(readHeredoc('x\na\nEO', 'EOF')).toMatchObject({
      content: 'a\nEO',
      unterminated: true,
      next: undefined,
      line: 3,
    });
    expect(readHeredoc('x', 'EOF')).toMatchObject({ content: '', unterminated: true });
  });

  it('begin behind the continuation lines', () => {
    expect(readHeredoc('x \\\n# c\n y\na\nEOF\nz', 'EOF')).toMatchObject({ content: 'a\n', next: 'z' });
  });
});

describe('SpanMapper', () => {
  it('finds the source of any range, in any order', () => {
    const text = '\n  ab \\\n# c\n\\\n cd\\\nef';
    const [line] = readLines(text);
    expect(line?.text).toBe('ab  cdef');
    if (!line) return;
    const mapper = new SpanMapper(line);
    const slice = (start: number, end: number) => {
      const span = mapper.span(start, end);
      return text.slice(span.start, span.end);
    };
    expect(slice(0, 2)).toBe('ab');
    expect(slice(4, 6)).toBe('cd');
    expect(slice(5, 7)).toBe('d\\\ne');
    expect(slice(0, 8)).toBe(text.slice(3));
    expect(slice(6, 8)).toBe('ef');
    expect(slice(1, 2)).toBe('b');
    expect(slice(3, 3)).toBe('');
  });
});
