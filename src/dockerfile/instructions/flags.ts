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
    const { name, value } = parseFlag(flag, statement, types);
    const before = values.get(name);
    if (before && types[name] !== 'strings') {
      const hint = 'keep one of them';
      fail('flag-repeated', `duplicate flag specified: --${name}`, { span: flag.span, lines: statement.lines, hint });
    }
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

function parseFlag(
  flag: Word,
  statement: Statement,
  types: FlagTypes,
): { readonly name: string; readonly value: Word } {
  const place = { span: flag.span, lines: statement.lines };
  const equals = flag.value.indexOf('=');
  const written = equals < 0 ? flag.value : flag.value.slice(0, equals);
  const name = written.slice(2);
  const type = Object.hasOwn(types, name) ? types[name] : undefined;
  if (type === undefined) {
    const names = Object.keys(types).sort();
    const hint = names.length === 0 ? undefined : `flags here: ${names.map((known) => `--${known}`).join(', ')}`;
    fail('flag-unknown', `unknown flag: ${written}${didYouMean(suggest(name, names))}`, { ...place, hint });
  }
  const value = { value: equals < 0 ? '' : flag.value.slice(equals + 1), span: flag.span };
  const missing = type === 'boolean' ? equals >= 0 && value.value === '' : equals < 0;
  if (missing)
    fail('flag-without-value', `missing a value on flag: ${written}`, { ...place, hint: `write ${written}=<value>` });
  if (type === 'boolean' && !['', 'true', 'false'].includes(value.value.toLowerCase())) {
    const message = `expecting boolean value for flag ${written}, not: ${value.value}`;
    fail('flag-not-boolean', message, { ...place, hint: `write ${written} or ${written}=false` });
  }
  return { name, value };
}
