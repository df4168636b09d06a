import { spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { temporaryFolder, type Outcome } from '../kiln.ts';
import { hasBusybox, writeBaseImage } from './base-image.ts';

export const program = resolve(import.meta.dirname, '../../../bin/kiln.js');

/** Steps are run as root here; `rootless.test.ts` runs them as somebody else. */
export const canBuild = process.getuid?.() === 0 && hasBusybox;

let template = '';

/** To be called once in a file of tests: makes a store that has `busybox:latest`. */
export function useBuildRig(): void {
  beforeAll(async () => {
    if (!canBuild) return;
    template = mkdtempSync(join(tmpdir(), 'kiln-store-'));
    const base = join(template, 'base.tar');
    await writeBaseImage(base);
    const { code, err } = runKiln(['load', '-i', base], { store: join(template, 'store') });
    if (code !== 0) throw new Error(err);
  });
  afterAll(() => {
    rmSync(template, { recursive: true, force: true });
  });
}

/** A store of its own for a test. */
export function newStore(): string {
  const store = join(temporaryFolder(), 'store');
  cpSync(join(template, 'store'), store, { recursive: true });
  return store;
}

/** A build context with some files; those that end with a slash are directories. */
export function newContext(files: Readonly<Record<string, string>>): string {
  const context = temporaryFolder();
  for (const [path, content] of Object.entries(files)) {
    const place = join(context, path);
    mkdirSync(path.endsWith('/') ? place : dirname(place), { recursive: true });
    if (!path.endsWith('/')) writeFileSync(place, content);
  }
  return context;
}

export interface RunOptions {
  readonly store: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string | Uint8Array;
  readonly cwd?: string;
}

export function runKiln(args: readonly string[], { store, env = {}, stdin = '', cwd }: RunOptions): Outcome {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], {
    cwd,
    input: stdin,
    env: environment(store, env),
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  return { code: status, out: stdout, err: stderr };
}

/** Starts Kiln and does not wait for it. */
export function startKiln(args: readonly string[], { store, env = {} }: RunOptions) {
  const child = spawn(process.execPath, [program, ...args], {
    env: environment(store, env),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let err = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text;
  });
  const ended = new Promise<Outcome>((done) => {
    child.on('close', (code) => {
      done({ code, out: '', err });
    });
  });
  /** Resolves when it has printed something that matches. */
  const printed = async (pattern: RegExp) => {
    while (!pattern.test(err)) {
      if (child.exitCode !== null) throw new Error(`it ended without printing ${String(pattern)}: ${err}`);
      await new Promise((done) => child.stderr.once('data', done));
    }
  };
  return { child, ended, printed };
}

function environment(store: string, env: Readonly<Record<string, string>>) {
  return { PATH: process.env['PATH'], HOME: process.env['HOME'], KILN_ROOT: store, ...env };
}

export interface BuiltImage {
  readonly outcome: Outcome;
  /** Path of the archive. */
  readonly archive: string;
  /** Names of the steps that were run. */
  readonly ran: readonly string[];
}

/** Builds a context to an OCI archive with plain progress. */
export function build(context: string, flags: readonly string[], options: RunOptions): BuiltImage {
  const archive = join(temporaryFolder(), 'image.tar');
  const args = ['build', '--progress', 'plain', '-o', `type=oci,dest=${archive}`, ...flags, context];
  const outcome = runKiln(args, options);
  return { outcome, archive, ran: stepsRun(outcome.err) };
}

/** Of plain progress: the steps that are neither cached nor of Kiln itself. */
export function stepsRun(progress: string): readonly string[] {
  const names = new Map<string, string>();
  const ran: string[] = [];
  for (const [, id = '', text = ''] of progress.matchAll(/^#(\d+) (.*)$/gm)) {
    if (!names.has(id)) names.set(id, text);
    const name = names.get(id) ?? '';
    if (text.startsWith('DONE') && /^\[(?!internal\])/.test(name)) ran.push(name);
  }
  return ran;
}

/** A file of an image, by a tool that is not ours; undefined if it is not there. */
export function unpack(archive: string): string {
  const folder = temporaryFolder();
  const layout = join(folder, 'layout');
  run('skopeo', ['copy', '--quiet', `oci-archive:${archive}`, `oci:${layout}:image`]);
  run('umoci', ['unpack', '--image', `${layout}:image`, join(folder, 'bundle')]);
  return join(folder, 'bundle', 'rootfs');
}

/** The configuration of an image, by a tool that is not ours. */
export function inspect(archive: string): Readonly<Record<string, unknown>> {
  return JSON.parse(run('skopeo', ['inspect', '--config', `oci-archive:${archive}`])) as Record<string, unknown>;
}

export function run(command: string, args: readonly string[]): string {
  const { status, stdout, stderr, error } = spawnSync(command, [...args], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${error?.message ?? stderr}`);
  return stdout;
}

/** Whether a program is there. */
export function hasProgram(name: string): boolean {
  return (process.env['PATH'] ?? '').split(':').some((folder) => existsSync(join(folder, name)));
}
