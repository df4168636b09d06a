import { describe, expect, it } from 'vitest';
import { printDiagnostic } from './print-diagnostic.ts';
import { lineSpan, Source } from './source.ts';

const plain = { color: false };

describe('printDiagnostic', () => {
  it('shows what is wrong, where, the line with a caret, and what to do', () => {
    const source = new Source('app/Dockerfile', 'FROM a\nFORM b\n');
    const span = { source, start: 7, end: 11 };
    const diagnostic = {
      severity: 'error',
      code: 'x',
      message: 'unknown instruction',
      span,
      hint: 'write FROM',
    } as const;
    expect(printDiagnostic(diagnostic, plain)).toBe(
      [
        'error: unknown instruction',
        ' --> app/Dockerfile:2:1',
        '  2 | FORM b',
        '    | ^^^^',
        '  = help: write FROM',
        '',
      ].join('\n'),
    );
  });

  it('names the rule of a warning and where it is explained', () => {
    const diagnostic = { severity: 'warning', code: 'SomeRule', message: 'm', url: 'https://example.com/' } as const;
    expect(printDiagnostic(diagnostic, plain)).toBe('warning[SomeRule]: m\n  = see: https://example.com/\n');
  });

  it('points past tabs and wide characters', () => {
    const source = new Source('f', '\tRUN 日本 x');
    const start = source.text.indexOf('x');
    const lines = printDiagnostic(
      { severity: 'error', code: 'c', message: 'm', span: { source, start, end: start + 1 } },
      plain,
    );
    expect(lines).toContain('    | \t         ^\n');
  });

  it('shows the first lines of a long span', () => {
    const source = new Source('f', Array.from({ length: 9 }, (_, index) => `line ${index + 1}`).join('\n'));
    expect(printDiagnostic({ severity: 'error', code: 'c', message: 'm', span: lineSpan(source, 2, 9) }, plain)).toBe(
      [
        'error: m',
        ' --> f:2:1',
        '  2 | line 2',
        '    | ^^^^^^',
        '  3 | line 3',
        '  4 | line 4',
        '  5 | line 5',
        '  6 | line 6',
        '    | ... 3 more lines',
        '',
      ].join('\n'),
    );
  });

  it('cuts a long line to the part around the mark', () => {
    const source = new Source('f', `${'a'.repeat(5000)}X${'b'.repeat(5000)}`);
    const text = printDiagnostic(
      { severity: 'error', code: 'c', message: 'm', span: { source, start: 5000, end: 5001 } },
      plain,
    );
    const [, , line = '', marks = ''] = text.split('\n');
    expect(line.length).toBeLessThan(140);
    expect(line.charAt(marks.indexOf('^'))).toBe('X');
  });

  it('lets no file play with the terminal', () => {
    const source = new Source('f\x1b[2J', 'RUN \x1b]0;title\x07\u202e');
    const text = printDiagnostic(
      { severity: 'error', code: 'c', message: 'm\x1b[31m', span: { source, start: 0, end: 3 } },
      plain,
    );
    expect(text).not.toMatch(/[\x00-\x09\x0b-\x1f\u202e]/);
    expect(text).toContain('RUN ␛]0;title␇');
  });

  it('colours only what it adds itself', () => {
    const text = printDiagnostic({ severity: 'error', code: 'c', message: 'm' }, { color: true });
    expect(text).toBe('\x1b[1;31merror:\x1b[0m m\n');
  });
});
