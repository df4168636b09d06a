import { rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { makeFailingDisk, type FailingDisk } from './failing-disk.ts';
import type { Form, Torture } from './form.ts';
import type { KilnEnd } from './kiln-process.ts';
import { Random } from './random.ts';
import { buildArguments, product } from './reference.ts';
import { Workshop } from './workshop.ts';

/** A part of the disk cannot be read or written any more, before Kiln is started or while it runs; then it can be again. */
export const ioErrors: Form = {
  name: 'io-errors',
  run: async (torture) => {
    if (process.getuid?.() !== 0) throw new Error('only root can make a disk fail');
    await using shop = await Workshop.open(torture);
    await using disk = await makeFailingDisk(torture.folder, 160);
    const errors = new IoErrors(torture, shop, disk);
    await errors.prepare();
    for (let point = 0; point < torture.points; point++) await errors.point(point);
    errors.report();
  },
};

const built = { context: 'copy', salt: 0 } as const;

class IoErrors {
  readonly #torture: Torture;
  readonly #shop: Workshop;
  readonly #disk: FailingDisk;
  readonly #random: Random;
  readonly #store: string;
  readonly #out: string;
  #expected = '';
  #failed = 0;
  #repaired = 0;

  constructor(torture: Torture, shop: Workshop, disk: FailingDisk) {
    this.#torture = torture;
    this.#shop = shop;
    this.#disk = disk;
    this.#random = new Random(torture.seed);
    this.#store = join(disk.folder, 'store');
    this.#out = join(disk.folder, 'out');
  }

  /** A store in which there is something of everything. */
  async prepare(): Promise<void> {
    for (const archive of this.#shop.archives) await this.#shop.expect(['load', '-i', archive], this.#store);
    this.#expected = await product(this.#shop, built, this.#store);
    await this.#shop.expect([...this.#build('archive'), '-o', 'type=image,name=made'], this.#store);
    await this.#disk.keep();
  }

  async point(number: number): Promise<void> {
    const { fail } = this.#torture;
    const commands = this.#commands();
    const args = commands[number % commands.length] ?? [];
    // Most of what is there is at the beginning.
    const offset = Math.floor(this.#random.next() ** 2 * this.#disk.size);
    const delay = this.#random.next() < 0.5 ? 0 : this.#random.below(800);
    const about = `${args.join(' ')} without what is behind ${offset}, after ${delay} ms`;
    const ended = await this.#runWithout(args, offset, delay);
    const problem = ended.code === 0 ? undefined : problemOf(ended);
    if (ended.code !== 0) this.#failed++;
    if (problem !== undefined) fail(`${about}: ${problem}: ${ended.out.slice(-500)}${ended.err.slice(-3000)}`);
    await this.#disk.heal();
    await this.#mend(about);
    await this.#disk.restore();
  }

  report(): void {
    const { print, points } = this.#torture;
    print(
      `${points} times a part of the disk did not work: ${this.#failed} failed, ${this.#repaired} stores had to be repaired`,
    );
  }

  async #runWithout(args: readonly string[], offset: number, delay: number): Promise<KilnEnd> {
    if (delay === 0) this.#disk.failFrom(offset);
    const { child, ended } = this.#shop.start(args, this.#store);
    const late = setTimeout(() => child.kill('SIGKILL'), longest);
    if (delay > 0) {
      await Promise.race([wait(delay), ended]);
      this.#disk.failFrom(offset);
    }
    return ended.finally(() => {
      clearTimeout(late);
    });
  }

  /** What is wrong with the store is told and mended by two commands; then builds give what they should. */
  async #mend(about: string): Promise<void> {
    const { fail } = this.#torture;
    rmSync(this.#out, { recursive: true, force: true });
    const check = (...flags: readonly string[]) => this.#shop.run(['store', 'check', '--deep', ...flags], this.#store);
    const first = await check();
    if (first.code !== 0) {
      this.#repaired++;
      const crash = crashOf(first);
      if (crash !== undefined) fail(`${about}, then looking at the store: ${crash}: ${first.err}`);
      await check('--repair');
      const { code, out, err } = await check();
      if (code !== 0) fail(`${about}, then the store cannot be repaired: ${first.out}${first.err}, then: ${out}${err}`);
    }
    try {
      const busybox = ['load', '-i', this.#shop.archives[0] ?? ''];
      if (!statSync(this.#store, { throwIfNoEntry: false }) || first.code !== 0)
        await this.#shop.expect(busybox, this.#store);
      const made = await product(this.#shop, built, this.#store);
      if (made !== this.#expected) fail(`${about}, then a build gives ${made}, not ${this.#expected}`);
    } catch (error) {
      fail(`${about}, and when all works again: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  #build(context: 'run' | 'copy' | 'archive' | 'cache'): readonly string[] {
    return buildArguments(this.#shop, { context, salt: 0 });
  }

  #commands(): readonly (readonly string[])[] {
    return [
      this.#build('run'),
      [...this.#build('copy'), '-o', `type=oci,dest=${this.#out}`],
      ['store', 'check', '--deep'],
      ['load', '-i', this.#shop.archives[1] ?? ''],
      [...this.#build('archive'), '-o', `type=local,dest=${this.#out}`],
      ['du'],
      [...this.#build('cache'), '-o', 'type=image,name=new'],
      ['prune', '--all', '--force'],
      [...this.#build('archive'), '--no-cache', '-o', `type=docker,dest=${this.#out}`],
      ['images'],
      ['store', 'check', '--repair'],
      ['rmi', 'made'],
    ];
  }
}

/** What takes longer hangs. ms */
const longest = 120_000;

function crashOf({ code, err }: KilnEnd): string | undefined {
  if (code === null) return 'it was ended by a signal';
  return code > 2 || /bug in Kiln|^ {4}at /m.test(err) ? `it crashed with ${code}` : undefined;
}

/** What is wrong with the way in which Kiln says that the disk does not work. */
function problemOf(end: KilnEnd): string | undefined {
  const { err, out } = end;
  const crash = crashOf(end);
  if (crash !== undefined) return crash;
  // What is written past the end of the lower device may be told as a full disk.
  const said =
    /no space left|i\/o error|input\/output error|does not work|disk i\/o|read-only|structure needs cleaning|bad message|did not complete successfully|damaged/i;
  if (!said.test(err + out)) return 'it does not say why';
  return undefined;
}
