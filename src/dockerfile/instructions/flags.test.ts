import { describe, expect, it } from 'vitest';
import { parse } from '../parser/testing.ts';
import { ProblemError } from '../problem.ts';
import { parseFlags, type Flags } from './flags.ts';
import { mistake } from './testing.ts';

const types = { text: 'string', many: 'strings', switch: 'boolean' } as const;

function flags(written: string): Flags<typeof types> {
  const [statement] = parse(`RUN ${written}`).statements;
  if (!statement) throw new Error('no statement');
  return parseFlags(statement, types);
}

/** `code: message` and the hint. */
function refusal(written: string): readonly (string | undefined)[] {
  try {
    flags(written);
  } catch (error) {
    if (error instanceof ProblemError) return [error.problem.code, error.problem.message, error.problem.hint];
    throw error;
  }
  throw new Error('nothing refused');
}

describe('parseFlags', () => {
  it.each([
    ['--text=a', 'a'],
    ['--text=', ''],
    ['--text="a b"', 'a b'],
    ['--text=a=b', 'a=b'],
    ['--switch', ''],
  ])('reads a text: %s', (written, value) => {
    expect(flags(written).string('text').value).toBe(value);
  });

  it.each([
    ['--switch', true],
    ['--switch=true', true],
    ['--switch=TRUE', true],
    ['--switch=false', false],
    ['--switch=False', false],
    ['--text=a', undefined],
  ])('reads a switch: %s', (written, value) => {
    expect(flags(written).boolean('switch')).toBe(value);
  });

  it('reads a list in order', () => {
    expect(
      flags('--many=b --text=x --many=a --many=')
        .strings('many')
        .map(({ value }) => value),
    ).toEqual(['b', 'a', '']);
    expect(flags('').strings('many')).toEqual([]);
  });

  it('knows which were given, sorted', () => {
    expect(flags('--text=a --many=c --many=b --switch=false').used).toEqual(['many', 'switch', 'text']);
  });

  it('points to the keyword for what is not given', () => {
    expect(flags('').string('text')).toMatchObject({ value: '', span: { start: 0, end: 3 } });
  });

  it.each([
    [
      '--txt=a',
      'dockerfile/flag-unknown',
      'unknown flag: --txt (did you mean text?)',
      'flags here: --many, --switch, --text',
    ],
    ['--TEXT=a', 'dockerfile/flag-unknown', 'unknown flag: --TEXT', 'flags here: --many, --switch, --text'],
    ['--other', 'dockerfile/flag-unknown', 'unknown flag: --other', 'flags here: --many, --switch, --text'],
    ['--=a', 'dockerfile/flag-unknown', 'unknown flag: --', 'flags here: --many, --switch, --text'],
    [
      '--constructor=a',
      'dockerfile/flag-unknown',
      'unknown flag: --constructor',
      'flags here: --many, --switch, --text',
    ],
    ['--text', 'dockerfile/flag-without-value', 'missing a value on flag: --text', 'write --text=<value>'],
    ['--many', 'dockerfile/flag-without-value', 'missing a value on flag: --many', 'write --many=<value>'],
    ['--switch=', 'dockerfile/flag-without-value', 'missing a value on flag: --switch', 'write --switch=<value>'],
    [
      '--switch=yes',
      'dockerfile/flag-not-boolean',
      'expecting boolean value for flag --switch, not: yes',
      'write --switch or --switch=false',
    ],
    ['--text=a --text=a', 'dockerfile/flag-repeated', 'duplicate flag specified: --text', 'keep one of them'],
    ['--switch --switch=', 'dockerfile/flag-repeated', 'duplicate flag specified: --switch', 'keep one of them'],
    ['--text=a --text', 'dockerfile/flag-repeated', 'duplicate flag specified: --text', 'keep one of them'],
    ['--many --txt', 'dockerfile/flag-without-value', 'missing a value on flag: --many', 'write --many=<value>'],
  ])('refuses %s', (written, ...expected) => {
    expect(refusal(written)).toEqual(expected);
  });

  it('points to the flag that is wrong', () => {
    expect(mistake('COPY --link --link a b')).toBe('flag-repeated: duplicate flag specified: --link «--link»');
    expect(mistake('COPY --chown=a \\\n --cho"wm"=b a b')).toBe(
      'flag-unknown: unknown flag: --chowm (did you mean chown?) «--cho"wm"=b»',
    );
  });

  it('has no hint where there are no flags at all', () => {
    expect(mistake('CMD --a b')).toBe('flag-unknown: unknown flag: --a «--a»');
  });
});
