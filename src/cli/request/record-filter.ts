import { didYouMean, suggest } from '../../diagnostic/suggest.ts';
import { parseDuration } from '../../dockerfile/values/duration.ts';
import type { StoreRecord } from '../../engine/index.ts';
import { flagError, parseFlag } from './flag-error.ts';

/** What `--filter` says of records. */
export interface RecordFilter {
  readonly matches: (record: StoreRecord) => boolean;
  /** `until`: only what was not used for that long. ms. */
  readonly unusedFor: number;
}

type Test = (record: StoreRecord, value: string) => boolean;

const isOn = (text: string) => text === '' || text === 'true' || text === '1';

/** The names of BuildKit, and what they say. Without a value, the last ones mean `true`. */
const fields: Readonly<Record<string, Test>> = {
  id: ({ id }, value) => id === value || id.startsWith(value) || id.startsWith(`sha256:${value}`),
  type: ({ type }, value) => type === value,
  description: ({ description }, value) => description === value,
  parents: ({ parents }, value) => parents.some((parent) => parent === value || parent.startsWith(`sha256:${value}`)),
  inuse: ({ inUse }, value) => inUse === isOn(value),
  shared: ({ shared }, value) => shared === isOn(value),
  private: ({ shared }, value) => !shared === isOn(value),
  mutable: ({ type }, value) => (type === 'exec.cachemount') === isOn(value),
  reclaimable: ({ reclaimable }, value) => reclaimable === isOn(value),
};

/** The text of a field, for `~=`. */
const texts: Readonly<Record<string, (record: StoreRecord) => string>> = {
  id: ({ id }) => id,
  type: ({ type }) => type,
  description: ({ description }) => description,
  parents: ({ parents }) => parents.join(' '),
};

const durations = ['until', 'unused-for'];

/**
 * Reads the values of `--filter`: `NAME=value`, `NAME!=value`, `NAME~=part of the value`, `until=24h`. Different names must all
 * be so; of several values of one name, one is enough.
 *
 * Throws KilnError `cli/flag`.
 */
export function readRecordFilter(values: readonly string[]): RecordFilter {
  const tests = new Map<string, ((record: StoreRecord) => boolean)[]>();
  let unusedFor = 0;
  for (const text of values) {
    const [, name = '', operator = '', value = ''] = /^([^=!~]*)([!~]?=)?(.*)$/s.exec(text) ?? [];
    if (durations.includes(name)) {
      unusedFor = Math.max(unusedFor, readDuration(value, `--filter ${name}`));
      continue;
    }
    const key = `${name}${operator}`;
    tests.set(key, [...(tests.get(key) ?? []), testOf(name, operator, value)]);
  }
  const groups = [...tests].map(([key, all]) => ({ all, isNegative: key.endsWith('!=') }));
  const matches = (record: StoreRecord) =>
    groups.every(({ all, isNegative }) =>
      isNegative ? all.every((test) => test(record)) : all.some((test) => test(record)),
    );
  return { matches, unusedFor };
}

/** A duration such as `24h`, in ms. Throws KilnError `cli/flag`. */
export function readDuration(text: string, flag: string): number {
  const nanoseconds = parseFlag(
    () => parseDuration(text),
    (reason) => `${flag}: ${reason}`,
    'a duration is written as 24h or 1h30m',
  );
  if (nanoseconds < 0) throw flagError(`${flag}: ${text} is less than nothing`);
  return nanoseconds / 1e6;
}

function testOf(name: string, operator: string, value: string): (record: StoreRecord) => boolean {
  const test = Object.hasOwn(fields, name) ? fields[name] : undefined;
  if (!test) {
    const known = [...Object.keys(fields), ...durations];
    throw flagError(`unknown filter ${name}${didYouMean(suggest(name, known))}`, `the filters are ${known.join(', ')}`);
  }
  if (operator === '!=') return (record) => !test(record, value);
  if (operator !== '~=') return (record) => test(record, value);
  const text = texts[name];
  if (!text) throw flagError(`filter ${name} is true or false`);
  return (record) => text(record).includes(value);
}
