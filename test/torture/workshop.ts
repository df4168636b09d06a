import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findProgram, runCommand } from '../../bench/command.ts';
import { startRegistry, type Registry } from '../../bench/registry.ts';
import { writeBaseImage } from '../e2e/build/base-image.ts';
import { contextNames, writeContexts } from './contexts.ts';
import { KilnCopy } from './kiln-copy.ts';
import { startKiln, type KilnEnd, type KilnProcess } from './kiln-process.ts';
import { Random } from './random.ts';

/** SOURCE_DATE_EPOCH, so that results can be compared. */
const epoch = '1600000000';
/** What takes longer hangs. ms */
const longest = 300_000;

export interface WorkshopOptions {
  /** An empty folder. */
  readonly folder: string;
  readonly seed: number;
}

/** What builds need: contexts, archives to load, a registry to pull from; and a folder for stores and outputs. */
export class Workshop implements AsyncDisposable {
  readonly folder: string;
  /** Archives to be loaded: busybox, and an image of several layers that is not in the registry. */
  readonly archives: readonly string[];
  /** What FROM calls an image of several layers that the registry has; undefined where there is no registry. */
  readonly pulled: string | undefined;
  readonly #registry: Registry | undefined;
  readonly #program: string;

  static async open({ folder, seed }: WorkshopOptions): Promise<Workshop> {
    const path = (name: string) => join(folder, name);
    for (const name of ['contexts', 'images', 'out', 'tmp', 'home']) mkdirSync(path(name));
    const random = new Random(seed);
    const busybox = path('images/busybox.tar');
    await writeBaseImage(busybox);
    const layered = path('images/layered.tar');
    const { program } = new KilnCopy(folder);
    const early = new Workshop({ folder, program, archives: [busybox], registry: undefined, pulled: undefined });
    await early.#makeLayered(layered, random);
    const hasRegistry =
      (await findProgram('docker-registry')) !== undefined && (await findProgram('skopeo')) !== undefined;
    const image = {
      reference: 'layered:1',
      tag: '1',
      archive: layered,
      dockerArchive: () => Promise.reject(new Error()),
    };
    const registry = hasRegistry ? await startRegistry(path('registry'), image) : undefined;
    const pulled = registry && `${registry.address}/layered:1`;
    writeContexts(path('contexts'), { random, pulled: pulled ?? 'layered:1' });
    return new Workshop({ folder, program, archives: [busybox, layered], registry, pulled });
  }

  private constructor(parts: {
    readonly folder: string;
    readonly program: string;
    readonly archives: readonly string[];
    readonly registry: Registry | undefined;
    readonly pulled: string | undefined;
  }) {
    this.folder = parts.folder;
    this.#program = parts.program;
    this.archives = parts.archives;
    this.pulled = parts.pulled;
    this.#registry = parts.registry;
  }

  get contexts(): typeof contextNames {
    return contextNames;
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  /** Starts Kiln with a store. */
  start(args: readonly string[], store: string): KilnProcess {
    const env = {
      ...{ PATH: process.env['PATH'], HOME: this.path('home'), TMPDIR: this.path('tmp') },
      ...{ KILN_ROOT: store, SOURCE_DATE_EPOCH: epoch },
    };
    return startKiln({ program: this.#program, args, env });
  }

  /** Runs it to its end; what hangs is killed. */
  async run(args: readonly string[], store: string): Promise<KilnEnd> {
    const { child, ended } = this.start(args, store);
    const late = setTimeout(() => child.kill('SIGKILL'), longest);
    return ended.finally(() => {
      clearTimeout(late);
    });
  }

  /** Runs it to its end, and throws if that is not a good one. Gives what it printed. */
  async expect(args: readonly string[], store: string): Promise<string> {
    const { code, out, err } = await this.run(args, store);
    if (code !== 0) throw new Error(`kiln ${args.join(' ')} ended with ${code ?? 'a signal'}: ${err}${out}`);
    return out;
  }

  /** A store that has the images to be loaded. */
  async newStore(name: string): Promise<string> {
    const store = this.path(name);
    for (const archive of this.archives) await this.expect(['load', '-i', archive], store);
    return store;
  }

  /** Names of what is in a folder. */
  list(name: string): readonly string[] {
    return readdirSync(this.path(name));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#registry?.stop();
  }

  async #makeLayered(archive: string, random: Random): Promise<void> {
    const context = this.path('layered');
    mkdirSync(context);
    const copies = [1, 2, 3, 4, 5].map((layer) => {
      writeFileSync(join(context, String(layer)), random.bytes(1_000_000));
      return `COPY ${layer} /layer${layer}/`;
    });
    writeFileSync(join(context, 'Dockerfile'), ['FROM busybox', ...copies].join('\n'));
    const store = await this.newStore('first-store');
    const output = `type=oci,dest=${archive},rewrite-timestamp=true`;
    await this.expect(['build', '-t', 'layered:1', '-o', output, context], store);
    await runCommand({ program: 'rm', args: ['-r', store, context] });
  }
}
