import { describe, expect, it } from 'vitest';
import { instructionOf, mistake } from './testing.ts';

const healthcheck = (text: string) => instructionOf('healthcheck', `HEALTHCHECK ${text}`).healthcheck;
const unset = { interval: 0, timeout: 0, startPeriod: 0, startInterval: 0, retries: 0 };
const second = 1_000_000_000;

describe('HEALTHCHECK', () => {
  it.each([
    ['NONE', ['NONE']],
    ['none', ['NONE']],
    ['--unknown=flag NONE', ['NONE']],
    ['CMD a  "b"', ['CMD-SHELL', 'a  "b"']],
    ['cmd a', ['CMD-SHELL', 'a']],
    ['CMD ["a", "b c"]', ['CMD', 'a', 'b c']],
    ['CMD ["a" "b"]', ['CMD-SHELL', '["a" "b"]']],
  ])('%s tests', (text, test) => {
    expect(healthcheck(text)).toEqual({ ...unset, test });
  });

  it('has times and retries', () => {
    const flags = '--interval=1m --timeout=1.5s --start-period=1h --start-interval=1ms --retries=3';
    expect(healthcheck(`${flags} CMD a`)).toEqual({
      test: ['CMD-SHELL', 'a'],
      interval: 60 * second,
      timeout: 1.5 * second,
      startPeriod: 3600 * second,
      startInterval: second / 1000,
      retries: 3,
    });
  });

  it.each(['--interval=', '--interval=0', '--timeout=0s', '--retries=0', '--retries='])(
    'leaves %s to the base',
    (flag) => {
      expect(healthcheck(`${flag} CMD a`)).toEqual({ ...unset, test: ['CMD-SHELL', 'a'] });
    },
  );

  it.each([
    ['', 'argument-count: HEALTHCHECK requires at least one argument «HEALTHCHECK»'],
    ['--interval=1s', 'argument-count: HEALTHCHECK requires at least one argument «HEALTHCHECK»'],
    ['NONE a', 'healthcheck: HEALTHCHECK NONE takes no arguments «a»'],
    ['CMD', 'healthcheck: Missing command after HEALTHCHECK CMD «HEALTHCHECK CMD»'],
    ['CMD []', 'healthcheck: Missing command after HEALTHCHECK CMD «HEALTHCHECK CMD []»'],
    ['curl a', 'healthcheck: Unknown type "CURL" in HEALTHCHECK (try CMD) «HEALTHCHECK curl a»'],
    ['["CMD"]', 'healthcheck: Unknown type "[\\"CMD\\"]" in HEALTHCHECK (try CMD) «HEALTHCHECK ["CMD"]»'],
    ['--interval=x CMD a', 'flag-value: time: invalid duration "x" «--interval=x»'],
    ['--timeout=1 CMD a', 'flag-value: time: missing unit in duration "1" «--timeout=1»'],
    ['--interval=999us CMD a', 'flag-value: Interval "interval" cannot be less than 1ms «--interval=999us»'],
    ['--timeout=-1s CMD a', 'flag-value: Interval "timeout" cannot be less than 1ms «--timeout=-1s»'],
    ['--start-period=1ns CMD a', 'flag-value: Interval "start-period" cannot be less than 1ms «--start-period=1ns»'],
    [
      '--start-interval=1ns CMD a',
      'flag-value: Interval "start-interval" cannot be less than 1ms «--start-interval=1ns»',
    ],
    ['--retries=-1 CMD a', 'flag-value: --retries cannot be negative (-1) «--retries=-1»'],
    ['--retries=x CMD a', 'flag-value: strconv.ParseInt: parsing "x": invalid syntax «--retries=x»'],
    [
      '--retries=2147483648 CMD a',
      'flag-value: strconv.ParseInt: parsing "2147483648": value out of range «--retries=2147483648»',
    ],
    ['--retry=1 CMD a', 'flag-unknown: unknown flag: --retry «--retry=1»'],
    ['--retrys=1 CMD a', 'flag-unknown: unknown flag: --retrys (did you mean retries?) «--retrys=1»'],
    ['--interval CMD a', 'flag-without-value: missing a value on flag: --interval «--interval»'],
    ['--retries=1 --retries=2 CMD a', 'flag-repeated: duplicate flag specified: --retries «--retries=2»'],
    ['--a=b curl', 'flag-unknown: unknown flag: --a «--a=b»'],
    ['--interval=x curl', 'healthcheck: Unknown type "CURL" in HEALTHCHECK (try CMD) «HEALTHCHECK --interval=x curl»'],
    ['--retries=x --interval=y CMD a', 'flag-value: time: invalid duration "y" «--interval=y»'],
  ])('refuses %j', (text, expected) => {
    expect(mistake(`HEALTHCHECK ${text}`)).toBe(expected);
  });
});
