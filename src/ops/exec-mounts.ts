import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { assert } from '../diagnostic/assert.ts';
import { KilnError } from '../diagnostic/kiln-error.ts';
import type { Tree } from '../files/tree.ts';
import type { BindMount, CacheMount, ExecMount, SecretMount, SshMount } from '../graph/exec-op.ts';
import { fromBytes, toBytes } from '../spec/byte-string.ts';
import type { SandboxMount } from '../sandbox/sandbox-process.ts';
import { openCache } from './cache-directory.ts';
import { copyTree } from '../files/copy-tree.ts';
import type { OpEnvironment } from './op-environment.ts';
import type { Result } from './result.ts';
import { hostPathIn, mountedTreeOf } from './selection.ts';

export interface MountWork {
  readonly inputs: readonly Result[];
  readonly isFresh: boolean;
  readonly signal: AbortSignal;
}

/** The mounts of a RUN, and what has to be given back after it. */
export class ExecMounts implements AsyncDisposable {
  /** Variables that mounts set: secrets. */
  readonly env: string[] = [];
  readonly #environment: OpEnvironment;
  readonly #work: MountWork;
  readonly #held: AsyncDisposable[] = [];

  constructor(environment: OpEnvironment, work: MountWork) {
    this.#environment = environment;
    this.#work = work;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const held of this.#held.reverse()) await held[Symbol.asyncDispose]();
  }

  /** In their order, which is that in which they are mounted. */
  async of(mounts: readonly ExecMount[]): Promise<readonly SandboxMount[]> {
    const made: SandboxMount[] = [];
    for (const mount of mounts) made.push(...(await this.#make(mount)));
    return made;
  }

  async #make(mount: ExecMount): Promise<readonly SandboxMount[]> {
    switch (mount.kind) {
      case 'bind':
        return [await this.#bind(mount)];
      case 'cache':
        return [await this.#cache(mount)];
      case 'tmpfs':
        return [{ kind: 'tmpfs', target: mount.target, ...(mount.size > 0 && { size: mount.size }) }];
      case 'secret':
        return this.#secret(mount);
      case 'ssh':
        return this.#ssh(mount);
      case 'inline':
        return [
          {
            ...{ kind: 'file', target: mount.target, content: toBytes(mount.content) },
            ...{ mode: mount.mode, uid: 0, gid: 0 },
          },
        ];
    }
  }

  async #bind({ input, selector, target, readOnly }: BindMount): Promise<SandboxMount> {
    const source = await this.#source(input, selector);
    if (readOnly) return { kind: 'bind', source, target, readonly: true };
    return { kind: 'overlay', ...(await this.#environment.snapshots.scratch(source)), target };
  }

  /** Path of what a mount shows. The user's own directory is copied: its owners are not those that a step is to see. */
  async #source(input: number, selector: string): Promise<string> {
    const result = this.#work.inputs[input];
    assert(result !== undefined, `there is no input ${input}`);
    const tree = await mountedTreeOf(this.#environment, result);
    return tree.kind === 'snapshot' ? hostPathIn(tree, selector) : this.#copy(tree, selector);
  }

  async #copy(tree: Tree, selector: string): Promise<string> {
    const root = this.#temporary();
    const { seen } = this.#environment;
    const { signal } = this.#work;
    await copyTree({ tree, source: selector, root, destination: '/source', seen, signal });
    return join(root, 'source');
  }

  async #cache(mount: CacheMount): Promise<SandboxMount> {
    const seed = mount.input === undefined ? undefined : await this.#source(mount.input, mount.selector);
    const { isFresh, signal } = this.#work;
    const cache = await openCache(this.#environment, { mount, seed, isFresh, signal });
    this.#held.push(cache);
    return { kind: 'bind', source: cache.path, target: mount.target, readonly: mount.readOnly };
  }

  #secret({ id, target, env, required, mode, uid, gid }: SecretMount): readonly SandboxMount[] {
    const content = this.#environment.secrets.secret(id);
    if (!content) {
      if (!required) return [];
      throw new KilnError('ops/secret', `secret ${id}: not found`, {
        hint: `give it with --secret id=${id},src=<file>`,
      });
    }
    if (env !== undefined) this.env.push(`${env}=${fromBytes(content)}`);
    return target === undefined ? [] : [{ kind: 'file', content, target, mode, uid, gid }];
  }

  #ssh({ id, target, required, mode, uid, gid }: SshMount): readonly SandboxMount[] {
    const source = this.#environment.secrets.agent(id);
    if (source !== undefined) return [{ kind: 'socket', source, target, mode, uid, gid }];
    if (!required) return [];
    throw new KilnError('ops/ssh', `unset ssh forward key ${id}`, { hint: `give it with --ssh ${id}` });
  }

  #temporary(): string {
    const path = this.#environment.temporary();
    mkdirSync(path, { recursive: true, mode: 0o755 });
    return path;
  }
}
