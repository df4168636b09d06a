import { createHash, randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { KilnError } from '../diagnostic/kiln-error.ts';
import type { CacheMount } from '../graph/exec-op.ts';
import { copyTree } from '../files/copy-tree.ts';
import { setOwner } from '../system/file-owner.ts';
import type { OpEnvironment } from './op-environment.ts';

export interface CacheRequest {
  readonly mount: CacheMount;
  /** Path of what it begins with. */
  readonly seed: string | undefined;
  /** What earlier builds left in it is not wanted. */
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

/** The first that nobody has; a new one if all that there are are in use. */
async function openPrivate(environment: OpEnvironment, name: string, request: CacheRequest): Promise<HeldCache> {
  for (const own of [name, ...copiesOf(environment, name), `${name}-${randomBytes(6).toString('hex')}`]) {
    const lock = environment.content.tryLockKey(`cache-${own}`);
    if (!lock) continue;
    await prepareDirectory(environment, own, request);
    return held(environment, own, lock);
  }
  throw new KilnError('ops/cache-in-use', `every directory of cache mount ${request.mount.id} is in use`);
}

function copiesOf({ caches }: OpEnvironment, name: string): readonly string[] {
  return namesIn(caches).filter((other) => other.startsWith(`${name}-`));
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
  const isRenewed = isFresh && !environment.usedCaches.has(name);
  if (isRenewed) setAside(environment, name, mount.id);
  environment.usedCaches.add(name);
  if (existsSync(path)) return;
  const aside = environment.temporary();
  mkdirSync(join(aside, 'fs'), { recursive: true, mode: 0o700 });
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

/**
 * Takes a cache out of the way of those who come now. Other builds may still be using it, and keep it; it is removed when none
 * of them is left: here the next time, or as everything that is unused.
 */
function setAside({ caches, content, temporary }: OpEnvironment, name: string, id: string): void {
  const start = `${name}.old-`;
  if (existsSync(join(caches, name))) {
    const aside = start + randomBytes(6).toString('hex');
    content.holdings.hold('cache', aside, id);
    renameSync(join(caches, name), join(caches, aside));
  }
  if (content.holdings.others() > 0) return;
  for (const old of namesIn(caches).filter((other) => other.startsWith(start))) {
    renameSync(join(caches, old), temporary());
    content.holdings.forget('cache', old);
  }
}

function namesIn(directory: string): readonly string[] {
  return existsSync(directory) ? readdirSync(directory) : [];
}
