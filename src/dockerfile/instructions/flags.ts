import { didYouMean, suggest } from '../../diagnostic/suggest.ts';
import type { Statement, Word } from '../parser/ast.ts';
import { fail } from '../problem.ts';

/** `strings` may be repeated, the others not. */
export type FlagType = 'boolean' | 'string' | 'strings';

export type FlagTypes = Readonly<Record<string, FlagType>>;

/** The flags of one instruction. */
export interface Flags<Types extends FlagTypes> {
  /** Names of those given, sorted. */
  readonly used: readonly string[];
  /** The value; an empty word at the keyword if the flag is not given. */
  string(name: keyof Types): Word;
  strings(name: keyof Types): readonly Word[];
  /** Undefined if the flag is not given. */
  boolean(name: keyof Types): boolean | undefined;
}

/**
 * Reads the flags of an instruction.
 *
 * Throws ProblemError: `flag-unknown`, `flag-repeated`, `flag-without-value`, `flag-not-boolean`.
 */
export function parseFlags<const Types extends FlagTypes>(statement: Statement, types: Types): Flags<Types> {
  const values = new Map<string, Word[]>();
  for (const flag of statement.flags) {
    const name = flagName(flag, statement, types);
    const before = values.get(name);
    if (before && types[name] !== 'strings') {
      const hint = 'keep one of them';
      fail('flag-repeated', `duplicate flag specified: --${name}`, { span: flag.span, lines: statement.lines, hint });
    }
    const value = flagValue(flag, statement, types[name] ?? 'string');
    if (before) before.push(value);
    else values.set(name, [value]);
  }
  return {
    used: [...values.keys()].sort(),
    string: (name) => values.get(String(name))?.[0] ?? { value: '', span: statement.keyword.span },
    strings: (name) => values.get(String(name)) ?? [],
    boolean: (name) => {
      const value = values.get(String(name))?.[0]?.value;
      return value === undefined ? undefined : value.toLowerCase() !== 'false';
    },
  };
}

function flagName(flag: Word, statement: Statement, types: FlagTypes): string {
  const written = writtenName(flag);
  const name = written.slice(2);
  if (Object.hasOwn(types, name)) return name;
  const names = Object.keys(types).sort();
  const hint = names.length === 0 ? undefined : `flags here: ${names.map((known) => `--${known}`).join(', ')}`;
  const place = { span: flag.span, lines: statement.lines, hint };
  return fail('flag-unknown', `unknown flag: ${written}${didYouMean(suggest(name, names))}`, place);
}

function flagValue(flag: Word, statement: Statement, type: FlagType): Word {
  const place = { span: flag.span, lines: statement.lines };
  const written = writtenName(flag);
  const hasValue = written.length < flag.value.length;
  const value = flag.value.slice(written.length + 1);
  const missing = type === 'boolean' ? hasValue && value === '' : !hasValue;
  if (missing)
    fail('flag-without-value', `missing a value on flag: ${written}`, { ...place, hint: `write ${written}=<value>` });
  if (type === 'boolean' && !['', 'true', 'false'].includes(value.toLowerCase())) {
    const message = `expecting boolean value for flag ${written}, not: ${value}`;
    fail('flag-not-boolean', message, { ...place, hint: `write ${written} or ${written}=false` });
  }
  return { value, span: flag.span };
}

/** The name with its `--`. */
function writtenName({ value }: Word): string {
  const equals = value.indexOf('=');
  return equals < 0 ? value : value.slice(0, equals);
}
