import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { CacheMount } from '../graph/exec-op.ts';
import { copyTree } from '../files/copy-tree.ts';
import { setOwner } from '../system/file-owner.ts';
import type { OpEnvironment } from './op-environment.ts';

export interface CacheRequest {
  readonly mount: CacheMount;
  /** Path of what it begins with. */
  readonly seed: string | undefined;
  /** What is in it is not wanted. */
  readonly isFresh: boolean;
  readonly signal: AbortSignal;
}

/** The directory of a cache mount, held as its sharing mode says. */
export interface HeldCache extends AsyncDisposable {
  readonly path: string;
}

/**
 * The directory of a cache mount: `locked` waits until nobody else has it, `private` takes another one then, `shared` does
 * not mind.
 */
export async function openCache(environment: OpEnvironment, request: CacheRequest): Promise<HeldCache> {
  const { mount, signal } = request;
  const name = createHash('sha256').update(mount.id).digest('hex').slice(0, 32);
  switch (mount.sharing) {
    case 'shared':
      await prepareDirectory(environment, name, request);
      return held(environment, name, undefined);
    case 'locked': {
      const lock = await environment.content.lockKey(`cache-${name}`, signal);
      await prepareDirectory(environment, name, request);
      return held(environment, name, lock);
    }
    case 'private':
      return openPrivate(environment, name, request);
  }
}

async function openPrivate(environment: OpEnvironment, name: string, request: CacheRequest): Promise<HeldCache> {
  for (let number = 0; ; number++) {
    const own = number === 0 ? name : `${name}-${number}`;
    const lock = environment.content.tryLockKey(`cache-${own}`);
    if (!lock) continue;
    await prepareDirectory(environment, own, request);
    return held(environment, own, lock);
  }
}

function held({ caches }: OpEnvironment, name: string, lock: AsyncDisposable | undefined): HeldCache {
  return {
    path: join(caches, name, 'fs'),
    [Symbol.asyncDispose]: async () => {
      await lock?.[Symbol.asyncDispose]();
    },
  };
}

async function prepareDirectory(
  environment: OpEnvironment,
  name: string,
  { mount, seed, isFresh, signal }: CacheRequest,
): Promise<void> {
  const place = join(environment.caches, name);
  const path = join(place, 'fs');
  // From before it is looked for, so that nobody removes it.
  environment.content.holdings.hold('cache', name, mount.id);
  if (isFresh) rmSync(place, { recursive: true, force: true });
  if (existsSync(path)) return;
  const aside = environment.temporary();
  mkdirSync(join(aside, 'fs'), { recursive: true });
  if (seed !== undefined) {
    const tree = { root: seed, kind: 'snapshot' } as const;
    await copyTree({ tree, source: '/', root: join(aside, 'fs'), destination: '/', seen: undefined, signal });
  }
  const { mode, uid, gid } = mount;
  setOwner(join(aside, 'fs'), uid, gid);
  chmodSync(join(aside, 'fs'), mode ?? 0o755);
  mkdirSync(environment.caches, { recursive: true, mode: 0o700 });
  try {
    renameSync(aside, place);
  } catch (error) {
    // Another process was quicker.
    if (!existsSync(path)) throw error;
  }
}
