import { describe, expect, it } from 'vitest';
import { instructionNames } from '../parser/ast.ts';
import { instruction, mistake, valuesOf } from './testing.ts';

/** Arguments that an instruction accepts. */
const samples: Readonly<Record<string, string>> = { add: 'a b', copy: 'a b', env: 'a=b', label: 'a=b', shell: '["a"]' };
const sample = (name: string) =>
  samples[name] ?? (name === 'healthcheck' ? 'NONE' : name === 'onbuild' ? 'CMD a' : 'a');

describe('parseInstruction', () => {
  it.each(instructionNames)('knows %s in any case', (name) => {
    expect(instruction(`${name} ${sample(name)}`).kind).toBe(name);
    expect(instruction(`${name.toUpperCase()} ${sample(name)}`).kind).toBe(name);
  });

  it('keeps what the instruction was made of', () => {
    const { origin } = instruction('# a\n# b\n  Cmd  c \\\n  d \t\n');
    expect(origin).toMatchObject({ keyword: { value: 'Cmd' }, code: 'Cmd  c   d', lines: [3, 4] });
    expect(valuesOf(origin.comments)).toEqual(['a', 'b']);
  });

  it('leaves heredocs out of the code, but not out of the lines', () => {
    const { origin } = instruction('RUN <<A\nb\nA\n');
    expect(origin).toMatchObject({ code: 'RUN <<A', lines: [1, 3], span: { start: 0, end: 12 } });
  });

  it.each([
    ['FORM a', 'unknown-instruction: unknown instruction: FORM (did you mean FROM?) «FORM»'],
    ['form a', 'unknown-instruction: unknown instruction: form (did you mean from?) «form»'],
    ['Form a', 'unknown-instruction: unknown instruction: Form (did you mean from?) «Form»'],
    ['WORDKIR a', 'unknown-instruction: unknown instruction: WORDKIR (did you mean WORKDIR?) «WORDKIR»'],
    ['RUNN --a b', 'unknown-instruction: unknown instruction: RUNN (did you mean RUN?) «RUNN»'],
    ['&& make', 'unknown-instruction: unknown instruction: && «&&»'],
    ['EXPERIMENTAL a', 'unknown-instruction: unknown instruction: EXPERIMENTAL «EXPERIMENTAL»'],
    ['RUN:a', 'unknown-instruction: unknown instruction: RUN:a (did you mean run?) «RUN:a»'],
    ['\\', 'unknown-instruction: unknown instruction:  «»'],
  ])('refuses %s', (text, expected) => {
    expect(mistake(text)).toBe(expected);
  });
});
