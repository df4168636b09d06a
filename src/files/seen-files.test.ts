import { lstatSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { SeenFiles } from './seen-files.ts';
import { SeenWalk } from './seen-walk.ts';
import type { WalkEvent } from './walk-event.ts';

const stat = lstatSync(import.meta.filename, { bigint: true });
const event: WalkEvent = { kind: 'entry', entry: { path: '/f', relative: 'f', stat } };
const events = (count: number): readonly WalkEvent[] => Array.from({ length: count }, () => event);

describe('the walks that are remembered', () => {
  it('are the first ones by their names, as long as they are not too much', () => {
    const seen = new SeenFiles();
    const [first, second, other] = [events(30_000), events(3), events(30_000)];
    seen.keepWalk('a', first);
    seen.keepWalk('a', second);
    seen.keepWalk('b', other);
    seen.keepWalk('c', second);
    expect(seen.walk('a')).toBe(first);
    expect(seen.walk('b')).toBeUndefined();
    expect(seen.walk('c')).toBe(second);
  });

  it('are whole, or not remembered', () => {
    const seen = new SeenFiles();
    const walked = (name: string, count: number): void => {
      const walk = new SeenWalk(seen, name);
      for (const one of events(count)) walk.add(one);
      walk.keep();
    };
    walked('long', 50_000);
    walked('shorter', 49_999);
    expect(seen.walk('long')).toBeUndefined();
    expect(seen.walk('shorter')).toHaveLength(49_999);
  });
});
