import { describe, expect, it } from 'vitest';
import { instructionOf, mistake, valuesOf } from './testing.ts';

const run = (text: string) => instructionOf('run', `RUN ${text}`);

describe('RUN', () => {
  it('has defaults', () => {
    expect(run('a')).toMatchObject({
      command: { arguments: ['a'], prependShell: true },
      files: [],
      flagsUsed: [],
      mounts: [],
      devices: [],
      network: 'default',
      security: 'sandbox',
    });
  });

  it('has flags', () => {
    const typed = run(
      '--security=insecure --network=none --mount=type=cache,target=/a --device=b --mount=from=c,target=/d e',
    );
    expect(typed).toMatchObject({
      flagsUsed: ['device', 'mount', 'network', 'security'],
      devices: [{ name: 'b', required: false }],
      network: 'none',
      security: 'insecure',
    });
    expect(valuesOf(typed.mounts)).toEqual(['type=cache,target=/a', 'from=c,target=/d']);
  });

  it.each(['default', 'none', 'host'] as const)('knows the network %s', (network) => {
    expect(run(`--network=${network} a`).network).toBe(network);
  });

  it('has heredocs as files', () => {
    expect(run('cat <<A 3<<-"B"\n\ta\nA\n\tb\nB\n').files).toEqual([
      { name: 'A', content: '\ta\n', chomp: false },
      { name: 'B', content: '\tb\n', chomp: true },
    ]);
    expect(run('<<A\n#!/bin/sh\nb\nA\n').command).toEqual({ arguments: ['<<A'], prependShell: true });
    expect(run('["<<A"]').files).toEqual([]);
  });

  it.each([
    ['--network=bridge a', 'flag-value: invalid network mode "bridge" «--network=bridge»'],
    ['--network= a', 'flag-value: invalid network mode "" «--network=»'],
    ['--network=None a', 'flag-value: invalid network mode "None" «--network=None»'],
    ['--network a', 'flag-without-value: missing a value on flag: --network «--network»'],
    ['--security=x a', 'flag-value: security "x" is not valid «--security=x»'],
    ['--security=a --network=b c', 'flag-value: invalid network mode "b" «--network=b»'],
    [
      '--mount=from=$a b',
      "flag-value: 'from' doesn't support variable expansion, define alias stage instead «--mount=from=$a»",
    ],
    ['--mount= a', 'flag-value: failed to parse csv mounts: EOF «--mount=»'],
    [
      '--mount=type=\\"a b',
      'flag-value: failed to parse csv mounts: parse error on line 1, column 6: bare " in non-quoted-field «--mount=type=\\"a»',
    ],
    ['--device= a', 'flag-value: failed to parse csv devices: EOF «--device=»'],
    ['--device=a,b c', "flag-value: invalid field 'b' must be a key=value pair «--device=a,b»"],
    ['--mount=from=$a --device=b,c d', "flag-value: invalid field 'c' must be a key=value pair «--device=b,c»"],
    ['--mouth=a b', 'flag-unknown: unknown flag: --mouth (did you mean mount?) «--mouth=a»'],
    ['--network=none --network=none a', 'flag-repeated: duplicate flag specified: --network «--network=none»'],
  ])('refuses %s', (text, expected) => {
    expect(mistake(`RUN ${text}`)).toBe(expected);
  });
});
