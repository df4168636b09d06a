import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Form, Torture } from './form.ts';
import { buildArguments } from './reference.ts';
import { fillBytes, fillInodes, freeBytes, freeInodes, makeSmallDisk, type SmallDisk } from './small-disk.ts';
import { Workshop } from './workshop.ts';

/** Something that writes to a store, and maybe beside it. */
interface Writing {
  readonly name: string;
  readonly args: readonly string[];
}

/** Builds, pulls, loads and exports on a disk that is full, sooner or later: of bytes, then of files. */
export const fullDisk: Form = {
  name: 'full-disk',
  run: async (torture) => {
    if (process.getuid?.() !== 0) throw new Error('only root can make a small disk');
    await using shop = await Workshop.open(torture);
    const { folder, points } = torture;
    {
      await using disk = await makeSmallDisk({ place: folder, mebibytes: 200 });
      await new FullDisk(torture, shop, bytes(disk)).run(Math.ceil(points * 0.8));
    }
    await using disk = await makeSmallDisk({ place: folder, mebibytes: 400, inodes: 6000 });
    await new FullDisk(torture, shop, inodes(disk)).run(Math.floor(points * 0.2));
  },
};

/** What there is little of. */
interface Scarcity {
  readonly of: string;
  readonly folder: string;
  readonly free: () => number;
  readonly leave: (free: number) => Promise<Disposable>;
}

function bytes({ folder }: SmallDisk): Scarcity {
  return { of: 'bytes', folder, free: () => freeBytes(folder), leave: (free) => fillBytes(folder, free) };
}

function inodes({ folder }: SmallDisk): Scarcity {
  const leave = (free: number) => Promise.resolve(fillInodes(folder, free));
  return { of: 'inodes', folder, free: () => freeInodes(folder), leave };
}

class FullDisk {
  readonly #torture: Torture;
  readonly #shop: Workshop;
  readonly #scarcity: Scarcity;
  readonly #store: string;
  readonly #out: string;
  #failures = 0;

  constructor(torture: Torture, shop: Workshop, scarcity: Scarcity) {
    this.#torture = torture;
    this.#shop = shop;
    this.#scarcity = scarcity;
    this.#store = join(scarcity.folder, 'store');
    this.#out = join(scarcity.folder, 'out');
  }

  async run(points: number): Promise<void> {
    const { of } = this.#scarcity;
    const all = this.#writings();
    await this.#start();
    for (const [index, writing] of all.entries()) {
      const own = Math.floor(points / all.length) + (index < points % all.length ? 1 : 0);
      if (own === 0) continue;
      const needed = await this.#needed(writing);
      for (let point = 0; point < own; point++) await this.#point(writing, Math.floor((needed * (point + 0.5)) / own));
      this.#torture.print(`${writing.name}: needs ${needed} ${of}, ${own} times less was there`);
    }
    this.#torture.print(`${points} times few ${of}: ${this.#failures} failed, as they should`);
  }

  #writings(): readonly Writing[] {
    const build = (context: 'run' | 'copy' | 'archive' | 'cache' | 'pull', ...outputs: readonly string[]) => ({
      name: `build ${context} ${outputs.join(' ')}`.replaceAll(this.#out, 'OUT'),
      args: [...buildArguments(this.#shop, { context, salt: 0 }), ...outputs.flatMap((output) => ['-o', output])],
    });
    return [
      build('run'),
      build('copy', `type=oci,dest=${this.#out}`),
      build('archive', `type=local,dest=${this.#out}`),
      build('cache', `type=tar,dest=${this.#out}`),
      build('run', 'type=image,name=made'),
      build('copy', `type=docker,dest=${this.#out},compression=zstd,force-compression=true`),
      build('archive', `type=oci,tar=false,dest=${this.#out}`),
      ...(this.#shop.pulled === undefined ? [] : [build('pull', 'type=image,name=pulled')]),
      { name: 'load', args: ['load', '-i', this.#shop.archives[1] ?? ''] },
    ];
  }

  /** A store with nothing but busybox in it. */
  async #start(): Promise<void> {
    rmSync(this.#store, { recursive: true, force: true });
    rmSync(this.#out, { recursive: true, force: true });
    await this.#shop.expect(['load', '-i', this.#shop.archives[0] ?? ''], this.#store);
  }

  /** How much is used at the worst moment. */
  async #needed({ args }: Writing): Promise<number> {
    const before = this.#scarcity.free();
    let least = before;
    const look = () => (least = Math.min(least, this.#scarcity.free()));
    const watch = setInterval(look, 5);
    await this.#shop.expect(args, this.#store).finally(() => {
      clearInterval(watch);
    });
    look();
    await this.#start();
    return before - least;
  }

  async #point({ name, args }: Writing, free: number): Promise<void> {
    const { fail } = this.#torture;
    const about = `${name} with ${free} ${this.#scarcity.of}`;
    const filling = await this.#scarcity.leave(free);
    const first = await this.#shop.run(args, this.#store);
    filling[Symbol.dispose]();
    const problem = first.code === 0 ? undefined : problemOf(first.code, first.err);
    if (first.code !== 0) this.#failures++;
    if (problem !== undefined) fail(`${about}: ${problem}: ${first.err.slice(-2000)}`);
    const { code, out, err } = await this.#shop.run(['store', 'check', '--deep'], this.#store);
    if (code !== 0) fail(`${about}, then the store is damaged: ${out}${err}`);
    const again = await this.#shop.run(args, this.#store);
    if (again.code !== 0) fail(`${about}, and then with enough: ${again.err}`);
    await this.#start();
  }
}

/** What is wrong with the way in which Kiln says that the disk is full. */
function problemOf(code: number | null, err: string): string | undefined {
  if (code === null || code > 2) return `it ended with ${code ?? 'a signal'}`;
  if (/bug in Kiln|^ {4}at /m.test(err)) return 'it crashed';
  if (
    !/no space left on device|disk of the store is full|disk of the store has \d+ bytes free|database or disk is full/i.test(
      err,
    )
  )
    return 'it does not say why';
  if (!err.includes('  = help: ')) return 'it does not say what helps';
  return undefined;
}
