import { describe, expect, it } from 'vitest';
import type { StoreRecord } from '../../engine/index.ts';
import { readRecordFilter } from './record-filter.ts';

const record: StoreRecord = {
  ...{ id: 'sha256:abcdef', type: 'regular', description: '[2/3] RUN make', size: 1, created: 0, lastUsed: 0 },
  ...{ parents: ['sha256:123456'], inUse: false, shared: true, reclaimable: true },
};

const says = (...values: readonly string[]) => readRecordFilter(values).matches(record);

describe('--filter', () => {
  it.each([
    ['id=sha256:abcdef', true],
    ['id=abc', true],
    ['id=bcd', false],
    ['id~=bcd', true],
    ['type=regular', true],
    ['type!=regular', false],
    ['type=image', false],
    ['description~=RUN', true],
    ['parents=1234', true],
    ['shared', true],
    ['private', false],
    ['inuse=false', true],
    ['mutable', false],
    ['reclaimable=true', true],
  ])('%s of a layer that an image has is %s', (text, expected) => {
    expect(says(text)).toBe(expected);
  });

  it('of several names must all be so, of several values one', () => {
    expect(says('type=regular', 'shared')).toBe(true);
    expect(says('type=regular', 'inuse')).toBe(false);
    expect(says('type=image', 'type=regular')).toBe(true);
    expect(says('type!=image', 'type!=regular')).toBe(false);
  });

  it('until, or unused-for, says since when something was not used', () => {
    expect(readRecordFilter(['until=24h']).unusedFor).toBe(86_400_000);
    expect(readRecordFilter(['unused-for=1h30m']).unusedFor).toBe(5_400_000);
    expect(readRecordFilter(['shared']).unusedFor).toBe(0);
  });

  it.each([
    ['typ=image', 'unknown filter typ (did you mean type?)'],
    ['until=1', '--filter until: time: missing unit in duration "1"'],
    ['until=-1h', '--filter until: -1h is less than nothing'],
    ['shared~=x', 'filter shared is true or false'],
  ])('%s is refused', (text, message) => {
    expect(() => readRecordFilter([text])).toThrow(message);
  });
});
