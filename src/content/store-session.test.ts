import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { once } from 'node:events';
import process from 'node:process';
import { describe, expect, it } from 'vitest';
import { Holdings, useGranularity } from './holdings.ts';
import { openContentStore } from './store.ts';
import { StoreSession } from './store-session.ts';
import { TestStore } from './testing.ts';

const sessionIn = ({ folder }: TestStore) => new StoreSession(join(folder, 'locks'), join(folder, 'gate'));

/** Another process that holds something until it is killed. */
async function holder({ folder }: TestStore, name: string) {
  const program = `
    import { StoreSession } from ${JSON.stringify(join(import.meta.dirname, 'store-session.ts'))};
    const session = new StoreSession(${JSON.stringify(join(folder, 'locks'))}, ${JSON.stringify(join(folder, 'gate'))});
    session.hold([${JSON.stringify(name)}]);
    console.log('held');
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  return async () => {
    child.kill('SIGKILL');
    await once(child, 'close');
  };
}

describe('What a process holds', () => {
  it('others see until it ends', () => {
    using place = new TestStore();
    using ours = sessionIn(place);
    {
      using theirs = sessionIn(place);
      theirs.hold(['blob a', 'blob b']);
      theirs.hold(['layer c']);
      ours.hold(['layer d']);
      expect([...ours.held()].sort()).toEqual(['blob a', 'blob b', 'layer c', 'layer d']);
      expect(ours.others()).toBe(1);
    }
    expect([...ours.held()]).toEqual(['layer d']);
    expect(ours.others()).toBe(0);
  });

  it('is free when the process is killed, and its file is gone', async () => {
    using place = new TestStore();
    using ours = sessionIn(place);
    const kill = await holder(place, 'layer x');
    expect([...ours.held()]).toEqual(['layer x']);
    await kill();
    expect([...ours.held()]).toEqual([]);
    expect(readdirSync(join(place.folder, 'locks'))).toEqual([]);
  });

  it('cannot be added to while the gate is closed', async () => {
    using place = new TestStore();
    using ours = sessionIn(place);
    const open = ours.closeGate();
    const starting = holder(place, 'layer y');
    // Time enough to start, and to hold what it may not yet.
    await new Promise((done) => setTimeout(done, 1000));
    expect([...ours.held()]).toEqual([]);
    open();
    const kill = await starting;
    expect([...ours.held()]).toEqual(['layer y']);
    await kill();
  });
});

describe('The time of use', () => {
  const about = 'https://example.com/file';

  it('is written at the end of a process, with what it is', () => {
    using place = new TestStore();
    const { store } = place;
    store.holdings.hold('http', 'key', about);
    expect(store.holdings.list()).toEqual([]);
    store.holdings.flush(1000);
    expect(store.holdings.list()).toEqual([{ kind: 'http', name: 'key', about, created: 1000, used: 1000 }]);
  });

  it('is not written again before it is older than a quarter of an hour', () => {
    using place = new TestStore();
    const { store } = place;
    const useAt = (time: number) => {
      const holdings = new Holdings(store.database, store.session);
      holdings.hold('cache', 'name', 'id');
      holdings.flush(time);
      return holdings.list()[0]?.used;
    };
    expect([useAt(1000), useAt(1000 + useGranularity), useAt(1001 + useGranularity)]).toEqual([
      1000,
      1000,
      1001 + useGranularity,
    ]);
  });

  it('of a blob that is new is that of its file', () => {
    using place = new TestStore();
    const { digest } = place.store.blobs.put('some bytes');
    place.store.holdings.flush();
    expect(place.store.holdings.list()).toEqual([]);
    using other = openContentStore(place.store.root);
    expect([...other.holdings.held()]).toEqual([`blob ${digest}`]);
  });
});
