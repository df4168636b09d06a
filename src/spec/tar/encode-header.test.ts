import fc from 'fast-check';
import { expect, it } from 'vitest';
import { encodeShortHeader, encodeTarHeader } from './encode-header.ts';
import type { TarEntry } from './entry.ts';

const text = fc.oneof(
  { weight: 5, arbitrary: fc.string({ maxLength: 110, unit: fc.constantFrom('a', '/', 'b.c') }) },
  fc.string({ maxLength: 110, unit: fc.constantFrom('a', '/', 'ü', '\udcff') }),
);
const number = fc.oneof(
  { weight: 5, arbitrary: fc.nat(5000) },
  fc.constantFrom(0o7777777, 0o10000000, 2 ** 31, 2 ** 33, 0o77777777777, 2 ** 36),
);

const entries: fc.Arbitrary<TarEntry> = fc
  .record({
    kind: fc.constantFrom('file', 'directory', 'symlink', 'hard-link', 'fifo', 'character-device', 'block-device'),
    path: text.filter((path) => path !== ''),
    mode: fc.nat(0o7777),
    uid: number,
    gid: number,
    size: number,
    mtimeNs: fc.bigInt(-(2n ** 60n), 2n ** 64n),
    target: text,
    major: fc.nat(4095),
    minor: fc.nat(1 << 20),
    xattrs: fc.constantFrom(new Map<string, Uint8Array>(), new Map([['user.a', Uint8Array.of(1)]])),
  })
  .map(({ kind, size, target, major, minor, ...base }): TarEntry => {
    switch (kind) {
      case 'file':
        return { kind, ...base, size };
      case 'symlink':
      case 'hard-link':
        return { kind, ...base, target };
      case 'character-device':
      case 'block-device':
        return { kind, ...base, major, minor };
      case 'directory':
      case 'fifo':
        return { kind, ...base };
    }
  });

it('writes short headers as all headers are written', () => {
  let short = 0;
  fc.assert(
    fc.property(entries, (entry) => {
      const header = encodeShortHeader(entry);
      if (!header) return;
      short++;
      expect(Buffer.from(header).equals(encodeTarHeader(entry))).toBe(true);
    }),
    { numRuns: 2000 },
  );
  expect(short).toBeGreaterThan(100);
});
