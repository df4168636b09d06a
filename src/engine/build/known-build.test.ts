import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { TestStore } from '../../content/testing.ts';
import { KnownBuild, type Asked } from './known-build.ts';

const asked: Asked = { buildArgs: new Map(), noCache: false, platforms: [], target: undefined };
const dockerfile = 'FROM busybox\nRUN true\n';

describe('KnownBuild', () => {
  it('expects steps to run that nobody asked for before', () => {
    using test = new TestStore();
    const file = join(test.folder, 'known');
    expect(new KnownBuild(file, dockerfile, asked).willRun()).toBe(true);
    new KnownBuild(file, dockerfile, asked).add();
    expect(new KnownBuild(file, dockerfile, asked).willRun()).toBe(false);
    const others: readonly (readonly [string, Partial<Asked>])[] = [
      [`${dockerfile}RUN false\n`, {}],
      [dockerfile, { target: 'other' }],
      [dockerfile, { platforms: ['linux/arm64'] }],
      [dockerfile, { buildArgs: new Map([['A', 'b']]) }],
      [dockerfile, { noCache: true }],
      [dockerfile, { noCache: ['stage'] }],
    ];
    for (const [text, more] of others) {
      expect(new KnownBuild(file, text, { ...asked, ...more }).willRun(), JSON.stringify([text, more])).toBe(true);
    }
  });

  it.each([
    ['FROM busybox\nCOPY RUN /\n', false],
    ['FROM busybox\n  run true\n', true],
    ['FROM busybox\nONBUILD\tRUN true\n', true],
    ['FROM busybox\nRUN\\\n true\n', true],
    [`FROM busybox\n${'\n'.repeat(1 << 20)}COPY a /\n`, false],
    [`FROM busybox\n${' '.repeat(1 << 20)}COPY a /\n`, false],
  ])('finds programs in %.40j: %s', (text, runs) => {
    using test = new TestStore();
    expect(new KnownBuild(join(test.folder, 'known'), text, { ...asked, noCache: true }).willRun()).toBe(runs);
  });

  it('keeps no arguments, and not everything for ever', () => {
    using test = new TestStore();
    const file = join(test.folder, 'known');
    for (let count = 0; count < 2500; count++) {
      new KnownBuild(file, dockerfile, { ...asked, buildArgs: new Map([['SECRET', `hunter${count}`]]) }).add();
    }
    const known = readFileSync(file, 'latin1');
    expect(known).toMatch(/^(?:[0-9a-f]{16}\n)+$/);
    expect(known.length).toBeLessThan(1 << 15);
  });

  it('goes on where nothing can be noted', () => {
    using test = new TestStore();
    const file = join(test.folder, 'known');
    mkdirSync(file);
    const build = new KnownBuild(file, dockerfile, asked);
    build.add();
    expect(build.willRun()).toBe(true);
  });
});
