import { rmSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { contextNames, salts } from './contexts.ts';
import type { Form, Torture } from './form.ts';
import { Random } from './random.ts';
import { buildArguments, filesDigest, imageDigest, makeReferences, productKey, type References } from './reference.ts';
import { Workshop } from './workshop.ts';

/** Many processes that build on one store at once: alone, where no step may run twice, and with something that prunes. */
export const crowd: Form = {
  name: 'crowd',
  run: async (torture) => {
    await using shop = await Workshop.open(torture);
    const isShort = torture.builders < 4;
    const used = isShort ? 1 : salts;
    const references = await makeReferences(shop, used);
    for (const prunes of isShort ? [false] : [false, true])
      await new Crowd(torture, shop, { references, prunes, salts: used }).run();
  },
};

interface CrowdKind {
  readonly references: References;
  /** How many values SALT has. */
  readonly salts: number;
  readonly prunes: boolean;
}

class Crowd {
  readonly #torture: Torture;
  readonly #shop: Workshop;
  readonly #references: References;
  readonly #prunes: boolean;
  readonly #salts: number;
  /** How often each step was run. */
  readonly #ran = new Map<string, number>();
  #store = '';
  #isOver = false;
  #prunings = 0;

  constructor(torture: Torture, shop: Workshop, how: CrowdKind) {
    this.#torture = torture;
    this.#shop = shop;
    this.#references = how.references;
    this.#prunes = how.prunes;
    this.#salts = how.salts;
  }

  async run(): Promise<void> {
    const { builders, builds, print, fail, seed } = this.#torture;
    this.#store = await this.#shop.newStore('crowded');
    const begun = performance.now();
    const pruning = this.#prunes ? this.#prune() : undefined;
    await Promise.all(Array.from({ length: builders }, (_, index) => this.#builder(index, new Random(seed + index))));
    this.#isOver = true;
    await pruning;
    const seconds = ((performance.now() - begun) / 1000).toFixed(1);
    const twice = [...this.#ran].filter(([, times]) => times > 1);
    if (!this.#prunes) for (const [step, times] of twice) fail(`run ${times} times: ${step}`);
    const total = [...this.#ran.values()].reduce((sum, times) => sum + times, 0);
    const beside = this.#prunes ? `, ${this.#prunings} prunings beside them` : '';
    print(`${builders} x ${builds} builds in ${seconds} s${beside}: ${this.#ran.size} steps, ${total} times run`);
    const { code, out, err } = await this.#shop.run(['store', 'check', '--deep'], this.#store);
    if (code !== 0) fail(`the store is damaged: ${out}${err}`);
    rmSync(this.#store, { recursive: true });
  }

  async #builder(index: number, random: Random): Promise<void> {
    const [image, tar] = ['image', 'tar'].map((kind) => this.#shop.path(`out/crowd-${index}-${kind}`)) as [
      string,
      string,
    ];
    for (let count = 0; count < this.#torture.builds; count++) {
      const what = { context: random.pick(contextNames), salt: random.below(this.#salts) };
      const outputs = ['-o', `type=oci,dest=${image},rewrite-timestamp=true`, '-o', `type=tar,dest=${tar}`];
      const name = random.next() < 0.3 ? ['--load', '-t', `crowd-${index}`] : [];
      const args = [...buildArguments(this.#shop, what), ...outputs, ...name];
      const { code, err } = await this.#shop.run(args, this.#store);
      if (code !== 0) {
        this.#torture.fail(`${productKey(what)} ended with ${code ?? 'a signal'}: ${err}`);
        continue;
      }
      for (const step of stepsRun(err)) {
        const key = `${productKey(what)}: ${step}`;
        this.#ran.set(key, (this.#ran.get(key) ?? 0) + 1);
      }
      const made = `${await imageDigest(image)} with files ${await filesDigest(tar)}`;
      const expected = this.#references.get(productKey(what)) ?? '';
      if (made !== expected) this.#torture.fail(`${productKey(what)} is ${made}, not ${expected}`);
      rmSync(image);
      rmSync(tar);
    }
  }

  async #prune(): Promise<void> {
    for (; !this.#isOver; this.#prunings++) {
      const args = ['prune', '-f', ...(this.#prunings % 2 === 0 ? ['--all'] : [])];
      const { code, err } = await this.#shop.run(args, this.#store);
      if (code !== 0) this.#torture.fail(`prune ended with ${code ?? 'a signal'}: ${err}`);
      // So that something is there to be pruned.
      await wait(500);
    }
  }
}

/** Of plain progress: the steps that were not known. */
function stepsRun(progress: string): readonly string[] {
  const names = new Map<string, string>();
  const ran: string[] = [];
  for (const [, id = '', text = ''] of progress.matchAll(/^#(\d+) (.*)$/gm)) {
    if (!names.has(id)) names.set(id, text);
    const name = names.get(id) ?? '';
    if (text.startsWith('DONE') && /^\[(?!internal\]).*\d\/\d+\]/.test(name)) ran.push(name);
  }
  return ran;
}
