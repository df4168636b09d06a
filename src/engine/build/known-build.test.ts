import { describe, expect, it } from 'vitest';
import { TestStore } from '../../content/testing.ts';
import { KnownBuild, type Asked } from './known-build.ts';

const asked: Asked = { buildArgs: new Map(), noCache: false, platforms: [], target: undefined };
const dockerfile = 'FROM busybox\nRUN true\n';

describe('KnownBuild', () => {
  it('expects steps to run that nobody asked for before', () => {
    using test = new TestStore();
    const { database } = test.store;
    expect(new KnownBuild(database, dockerfile, asked).willRun()).toBe(true);
    new KnownBuild(database, dockerfile, asked).add();
    expect(new KnownBuild(database, dockerfile, asked).willRun()).toBe(false);
    const others: readonly (readonly [string, Partial<Asked>])[] = [
      [`${dockerfile}RUN false\n`, {}],
      [dockerfile, { target: 'other' }],
      [dockerfile, { platforms: ['linux/arm64'] }],
      [dockerfile, { buildArgs: new Map([['A', 'b']]) }],
      [dockerfile, { noCache: true }],
      [dockerfile, { noCache: ['stage'] }],
    ];
    for (const [text, more] of others) {
      expect(new KnownBuild(database, text, { ...asked, ...more }).willRun(), JSON.stringify([text, more])).toBe(true);
    }
  });

  it.each([
    ['FROM busybox\nCOPY RUN /\n', false],
    ['FROM busybox\n  run true\n', true],
    ['FROM busybox\nONBUILD\tRUN true\n', true],
  ])('finds programs in %j: %s', (text, runs) => {
    using test = new TestStore();
    expect(new KnownBuild(test.store.database, text, { ...asked, noCache: true }).willRun()).toBe(runs);
  });

  it('keeps no arguments, and not everything for ever', () => {
    using test = new TestStore();
    const { database } = test.store;
    for (let count = 0; count < 1002; count++) {
      new KnownBuild(database, dockerfile, { ...asked, buildArgs: new Map([['SECRET', `hunter${count}`]]) }).add(count);
    }
    const rows = database.all('select * from known_builds');
    expect(rows).toHaveLength(2);
    expect(JSON.stringify(rows)).not.toContain('hunter');
  });
});
