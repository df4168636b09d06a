import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openContentStore, type ContentStore } from '../../content/store.ts';
import { beginCollections, isCollectionDue } from './collection-due.ts';

const minutes = 60_000;
const limited = { KILN_MAX_STORAGE: '1GB' };

describe('A store is cleaned by itself', () => {
  let root = '';
  let store: ContentStore;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'kiln-due-'));
    store = openContentStore(root);
  });
  afterEach(async () => {
    await store[Symbol.asyncDispose]();
    rmSync(root, { recursive: true });
  });

  it('ten minutes after its first build, and not before', () => {
    expect(isCollectionDue(store, { env: {}, now: 0 })).toBe(false);
    beginCollections(store, { env: {}, now: 0 });
    beginCollections(store, { env: {}, now: 9 * minutes });
    expect(isCollectionDue(store, { env: {}, now: 9 * minutes })).toBe(false);
    expect(isCollectionDue(store, { env: {}, now: 10 * minutes })).toBe(true);
  });

  it('at once if somebody has said how large it may be', () => {
    expect(isCollectionDue(store, { env: limited })).toBe(true);
  });

  it('when the clock has gone back', () => {
    beginCollections(store, { env: {}, now: 5 * minutes });
    expect(isCollectionDue(store, { env: {}, now: minutes })).toBe(true);
  });

  it('never if that is not wanted; then it is as new as before', () => {
    const env = { ...limited, KILN_GC: '0' };
    beginCollections(store, { env, now: 0 });
    expect(isCollectionDue(store, { env, now: 10 * minutes })).toBe(false);
    expect(isCollectionDue(store, { env: limited, now: 0 })).toBe(true);
  });
});
