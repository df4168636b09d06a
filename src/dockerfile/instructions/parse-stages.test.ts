import { describe, expect, it } from 'vitest';
import { parse } from '../parser/testing.ts';
import { parseStages } from './parse-stages.ts';

const stagesOf = (text: string) => parseStages(parse(text));

/** `line message`. */
const problemsOf = (text: string) =>
  stagesOf(text).problems.map(({ message, lines }) => `${lines?.[0] ?? ''} ${message}`);

describe('parseStages', () => {
  it('sorts instructions into stages', () => {
    const { globalArgs, stages, commands, problems } = stagesOf(
      'ARG a\nARG b\nFROM c AS d\nARG e\nRUN f\nFROM d\nFROM g\nCMD h',
    );
    expect(problems).toEqual([]);
    expect(globalArgs.map(({ args }) => args[0]?.key)).toEqual(['a', 'b']);
    expect(stages.map(({ from, commands: own }) => [from.base.value, ...own.map(({ kind }) => kind)])).toEqual([
      ['c', 'arg', 'run'],
      ['d'],
      ['g', 'cmd'],
    ]);
    expect(Array.from(commands.values(), ({ kind }) => kind)).toEqual([
      ...['arg', 'arg', 'from', 'arg', 'run', 'from', 'from', 'cmd'],
    ]);
  });

  it('may find no stage at all', () => {
    expect(stagesOf('ARG a')).toMatchObject({ globalArgs: [{ kind: 'arg' }], stages: [], problems: [] });
  });

  it('names the first instruction before the first stage, and no other', () => {
    const text = 'ARG a\nRUN b\nCMD c\nFROM d\nCMD e';
    const { problems } = stagesOf(text);
    expect(problems).toMatchObject([
      { code: 'dockerfile/no-stage', message: 'no build stage in current context', lines: [2, 2] },
    ]);
    expect(text.slice(problems[0]?.span.start, problems[0]?.span.end)).toBe('RUN b');
  });

  it('names every mistake, in the order of the file', () => {
    expect(problemsOf('CMD a\nFORM b\nFROM c\nUSER\nCOPY d\nRUN --x e')).toEqual([
      '1 no build stage in current context',
      '2 unknown instruction: FORM (did you mean FROM?)',
      '4 USER requires exactly one argument',
      '5 COPY requires at least two arguments, but only one was provided. Destination could not be determined',
      '6 unknown flag: --x',
    ]);
  });

  it('keeps the instructions around a mistake', () => {
    const { stages } = stagesOf('FROM a\nUSER\nCMD b');
    expect(stages[0]?.commands.map(({ kind }) => kind)).toEqual(['cmd']);
  });

  it('does not blame what is below a FROM that has a mistake', () => {
    expect(problemsOf('FROM\nRUN a\nARG b\nUSER\nFROM c\nRUN d')).toEqual([
      '1 FROM requires either one or three arguments',
      '4 USER requires exactly one argument',
    ]);
    expect(stagesOf('FROM a\nFROM b c\nRUN d').stages.map(({ commands }) => commands.length)).toEqual([0]);
  });
});
