import { mkdirSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadavg } from 'node:os';
import { runCommand } from '../../bench/command.ts';
import { peakMemory, treeMemory } from '../../bench/tree-memory.ts';
import { writeBaseImage } from '../e2e/build/base-image.ts';
import type { Form, Torture } from './form.ts';
import { loadCases, type LoadCase } from './load-cases.ts';
import { KilnCopy } from './kiln-copy.ts';

/** MiB of all processes of a build together, which it must not take more of. */
const mostMemory = 250;
const gibibyte = 2 ** 30;

/** Large graphs, contexts, layers and outputs: that they are built, in how much memory, and how long that takes. */
export const load: Form = {
  name: 'load',
  run: async (torture) => {
    const form = new Load(torture);
    await form.open();
    for (const one of loadCases) await form.build(one);
    await form.log();
  },
};

class Load {
  readonly #torture: Torture;
  readonly #kiln: KilnCopy;
  readonly #base: string;

  constructor(torture: Torture) {
    this.#torture = torture;
    this.#kiln = new KilnCopy(torture.folder);
    this.#base = join(torture.folder, 'busybox.tar');
  }

  async open(): Promise<void> {
    await writeBaseImage(this.#base);
  }

  async build({ name, write, again, exports }: LoadCase): Promise<void> {
    const { folder, scale } = this.#torture;
    const context = join(folder, 'load-context');
    mkdirSync(context);
    write(context, scale);
    const archive = join(folder, 'load.tar');
    const store = await this.#newStore();
    const output = exports ? ['-o', `type=oci,dest=${archive}`] : [];
    const args = ['build', '--progress', 'plain', ...output, context];
    await this.#measure(name, args, store);
    if (again) await this.#measure(`${name}, again`, args, store);
    for (const path of [context, archive, store]) rmSync(path, { recursive: true, force: true });
  }

  /** A step that prints very much: all of it is kept in a file, which goes after a week. */
  async log(): Promise<void> {
    const { folder, scale, fail } = this.#torture;
    const size = Math.ceil(gibibyte * scale);
    const context = join(folder, 'load-context');
    mkdirSync(context);
    writeFileSync(join(context, 'Dockerfile'), `FROM busybox\nARG SALT\nRUN yes $SALT | head -c ${size}\n`);
    const store = await this.#newStore();
    const args = ['build', '--progress', 'plain', '--build-arg', 'SALT=first', context];
    await this.#measure('1 GiB of output', args, store);
    const logs = join(store, 'logs');
    const [first = ''] = readdirSync(logs);
    if (statSync(join(logs, first)).size !== size)
      fail(`the log has ${statSync(join(logs, first)).size} bytes, not ${size}`);
    utimesSync(join(logs, first), 1, 1);
    await this.#kiln.expect(args.with(4, 'SALT=second'), store);
    const left = readdirSync(logs);
    if (left.length !== 1 || left.includes(first)) fail(`logs that are left: ${left.join(' ')}`);
    for (const path of [context, store]) rmSync(path, { recursive: true });
  }

  async #newStore(): Promise<string> {
    const store = join(this.#torture.folder, 'load-store');
    await this.#kiln.expect(['load', '-i', this.#base], store);
    return store;
  }

  async #measure(name: string, args: readonly string[], store: string): Promise<void> {
    const { fail, print, scale } = this.#torture;
    const about = scale === 1 ? name : `${name}, ${scale} of it`;
    let process = 0;
    let memory = 0;
    const look = () => (memory = Math.max(memory, treeMemory(process), peakMemory(process)));
    const watch = setInterval(look, 50);
    const begun = performance.now();
    const started = (pid: number) => {
      process = pid;
    };
    await runCommand(this.#kiln.command(args, store), { started }).finally(() => {
      clearInterval(watch);
    });
    const seconds = ((performance.now() - begun) / 1000).toFixed(1);
    print(`${about}: ${seconds} s, ${memory.toFixed(0)} MiB at most, at a load of ${loadavg()[0]?.toFixed(1) ?? ''}`);
    if (memory > mostMemory) fail(`${about}: ${memory.toFixed(0)} MiB are more than ${mostMemory}`);
  }
}
