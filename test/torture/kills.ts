import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { salts } from './contexts.ts';
import type { Form, Torture } from './form.ts';
import { anyJob, type Job } from './jobs.ts';
import { Random } from './random.ts';
import { compare, filesDigest, makeReferences, type References } from './reference.ts';
import { adoptOrphans, processes, remains } from './remains.ts';
import { Workshop } from './workshop.ts';

const lanes = 3;
/** Kills between two looks at the store. */
const interval = 25;
/** ms */
const longest = 1500;

/** Kills Kiln at any moment of anything it does with a store, three at a time, and looks at what that has come to. */
export const kills: Form = {
  name: 'kills',
  run: async (torture) => {
    adoptOrphans();
    await using shop = await Workshop.open(torture);
    const form = new Kills(torture, shop, new Set(processes(new Set())));
    await form.run();
  },
};

class Kills {
  readonly #torture: Torture;
  readonly #shop: Workshop;
  /** Children of this process that are to stay, such as the registry. */
  readonly #known: ReadonlySet<number>;
  readonly #random: Random;
  readonly #killed = new Set<number>();
  readonly #counts = new Map<string, number>();
  #store = '';
  #ended = 0;

  constructor(torture: Torture, shop: Workshop, known: ReadonlySet<number>) {
    this.#torture = torture;
    this.#shop = shop;
    this.#known = known;
    this.#random = new Random(torture.seed + 1);
  }

  async run(): Promise<void> {
    const { kills: wanted, print } = this.#torture;
    const used = Math.min(salts, Math.ceil(wanted / interval));
    const references = await makeReferences(this.#shop, used);
    this.#store = await this.#shop.newStore('store');
    for (let round = 0; this.#killed.size < wanted; round++) {
      const goal = Math.min(this.#killed.size + interval, wanted);
      await Promise.all(Array.from({ length: lanes }, (_, lane) => this.#lane(lane, goal)));
      await this.#look(references, round % used);
      print(`${this.#killed.size} killed, ${this.#ended} ended before`);
    }
    for (let salt = 0; used > 1 && salt < used; salt++) await this.#compare(references, salt);
    print(
      [...this.#counts]
        .sort()
        .map(([kind, count]) => `${count} ${kind}`)
        .join('; '),
    );
  }

  async #lane(lane: number, goal: number): Promise<void> {
    const folder = this.#shop.path(`out/lane-${lane}`);
    mkdirSync(folder, { recursive: true });
    while (this.#killed.size < goal) {
      const job = anyJob(this.#shop, this.#random, `${folder}/made`);
      const moment = this.#random.next() * longest;
      const { child, ended } = this.#shop.start(job.args, this.#store);
      const first = await Promise.race([ended, wait(moment)]);
      if (first) {
        this.#ended++;
        // Names that are not there, and a prune that takes what is checked, are no faults.
        const isFine =
          first.code === 0 ||
          /^no such image/m.test(first.err.replace('error: ', '')) ||
          (first.code === 1 && job.kind === 'check');
        if (!isFine) this.#torture.fail(`${job.kind} ended with ${first.code ?? 'a signal'}: ${first.err}${first.out}`);
      } else {
        child.kill('SIGKILL');
        if ((await ended).code === null) this.#note(job, child.pid ?? 0);
      }
      for (const archive of job.archives) await this.#lookAtArchive(job, archive);
    }
  }

  #note({ kind }: Job, pid: number): void {
    this.#killed.add(pid);
    const short = kind.replace(/^build \w+, /, 'build, ');
    this.#counts.set(short, (this.#counts.get(short) ?? 0) + 1);
  }

  async #lookAtArchive({ kind }: Job, archive: string): Promise<void> {
    if (!existsSync(archive)) return;
    try {
      await filesDigest(archive);
    } catch (error) {
      this.#torture.fail(`${kind}, killed, left an archive that is not whole: ${String(error)}`);
    }
    rmSync(archive);
  }

  async #look(references: References, salt: number): Promise<void> {
    const { fail } = this.#torture;
    // The next run, which has to clean up.
    await this.#compare(references, salt);
    for (let lane = 0; lane < lanes; lane++) rmSync(this.#shop.path(`out/lane-${lane}`), { recursive: true });
    const left = await this.#remains();
    for (const what of left) fail(what);
    const { code, out, err } = await this.#shop.run(['store', 'check', '--deep'], this.#store);
    if (code !== 0) {
      fail(`the store is damaged: ${out}${err}`);
      await this.#shop.run(['store', 'check', '--deep', '--repair'], this.#store);
    }
  }

  /** What is left after a moment, in which the kernel may end what it has been told to. */
  async #remains(): Promise<readonly string[]> {
    const { folder } = this.#shop;
    const look = () => remains({ folder, store: this.#store, killed: this.#killed, known: this.#known });
    for (let tries = 0; tries < 50 && look().length > 0; tries++) await wait(100);
    return look();
  }

  async #compare(references: References, salt: number): Promise<void> {
    const problems = await compare(this.#shop, salt, { store: this.#store, references });
    for (const problem of problems) this.#torture.fail(`after ${this.#killed.size} kills: ${problem}`);
  }
}
