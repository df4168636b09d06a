import { lazy } from '../../spec/lazy.ts';
import { complement, type Member } from '../glob/code-point-set.ts';

type Ranges = readonly (readonly [number, number])[];

/** Inclusive ranges, two characters each: `azAZ` is a to z and A to Z. */
const posix = lazy((): Readonly<Record<string, Ranges>> => ({
  alnum: ranges('09AZaz'),
  alpha: ranges('AZaz'),
  ascii: ranges('\x00\x7f'),
  blank: ranges('\t\t  '),
  cntrl: ranges('\x00\x1f\x7f\x7f'),
  digit: ranges('09'),
  graph: ranges('!~'),
  lower: ranges('az'),
  print: ranges(' ~'),
  punct: ranges('!/:@[`{~'),
  space: ranges('\t\r  '),
  upper: ranges('AZ'),
  word: ranges('09AZaz__'),
  xdigit: ranges('09AFaf'),
}));

/** `\s` is without the vertical tab, unlike `[:space:]` and unlike JavaScript. */
const perl = lazy((): Readonly<Record<string, Ranges>> => ({
  d: ranges('09'),
  s: ranges('\t\n\f\r  '),
  w: ranges('09AZaz__'),
}));

/**
 * What stands between brackets for more than one character, by its spelling: `[:alpha:]`, `[:^alpha:]`.
 *
 * @see https://pkg.go.dev/regexp/syntax
 */
export const posixClasses = lazy((): Readonly<Record<string, readonly Member[]>> =>
  Object.fromEntries(
    Object.entries(posix()).flatMap(([name, members]) => [
      [`[:${name}:]`, toMembers(members)],
      [`[:^${name}:]`, toMembers(complement(members))],
    ]),
  ),
);

/** `\d` and its kin, by their spelling. */
export const perlClasses = lazy((): Readonly<Record<string, readonly Member[]>> =>
  Object.fromEntries(
    Object.entries(perl()).flatMap(([name, members]) => [
      [`\\${name}`, toMembers(members)],
      [`\\${name.toUpperCase()}`, toMembers(complement(members))],
    ]),
  ),
);

/** What `\p{name}`, or `\P{name}`, stands for; undefined for a name that is neither a general category nor a script. */
export function unicodeProperty(name: string, negated: boolean): Member | undefined {
  if (!/^\w+$/.test(name)) return undefined;
  const spellings = /^(?:Any|ASCII|Assigned)$/.test(name) ? [name] : [`gc=${name}`, `sc=${name}`];
  const known = spellings.find(isProperty);
  return known === undefined ? undefined : { kind: 'property', name: known, negated };
}

function isProperty(name: string): boolean {
  try {
    new RegExp(`\\p{${name}}`, 'u');
    return true;
  } catch {
    return false;
  }
}

function ranges(pairs: string): Ranges {
  return Array.from({ length: pairs.length / 2 }, (_, index) => [
    pairs.charCodeAt(index * 2),
    pairs.charCodeAt(index * 2 + 1),
  ]);
}

function toMembers(list: Ranges): readonly Member[] {
  return list.map(([first, last]) => ({ kind: 'range', first, last }));
}
