import { spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, onTestFinished } from 'vitest';
import { temporaryFolder, type Outcome } from '../kiln.ts';
import { hasBusybox, writeBaseImage } from './base-image.ts';

export const program = resolve(import.meta.dirname, '../../../bin/kiln.js');

export const isRoot = process.getuid?.() === 0;
const removal = resolve(import.meta.dirname, 'remove-in-namespace.ts');

/** Why there are no builds here, for the titles of tests that are skipped; empty if there are. */
export const cannotBuild = reason();
export const canBuild = cannotBuild === '';

function reason(): string {
  if (!hasBusybox) return ' (there is no static busybox)';
  if (isRoot) return '';
  const { status, stderr } = spawnSync(process.execPath, [removal], { encoding: 'utf8' });
  return status === 0 ? '' : ` (${/no user namespace can be made[^\n]*/.exec(stderr)?.[0] ?? 'no user namespace'})`;
}

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
  const store = join(mixedFolder(), 'store');
  cpSync(join(template, 'store'), store, { recursive: true });
  return store;
}

/** A folder for files of several users, and of modes that keep their owner away; it goes when the test ends. */
function mixedFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'kiln-test-'));
  onTestFinished(() => {
    if (isRoot) rmSync(folder, { recursive: true, force: true });
    else run(process.execPath, [removal, folder]);
  });
  return folder;
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

/** What Kiln tells those who run tests without ids of their own, which no test but that of it is about. */
const singleIdWarning = /^warning: .*: files keep the owners that .*\n/;

export function runKiln(args: readonly string[], { store, env = {}, stdin = '', cwd }: RunOptions): Outcome {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], {
    cwd,
    input: stdin,
    env: environment(store, env),
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  return { code: status, out: stdout, err: stderr.replace(singleIdWarning, '') };
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

/** The root file system of an image, by a tool that is not ours. Without root, all files are the user's own. */
export function unpack(archive: string): string {
  const folder = mixedFolder();
  const layout = join(folder, 'layout');
  run('skopeo', ['copy', '--quiet', `oci-archive:${archive}`, `oci:${layout}:image`]);
  run('umoci', ['unpack', ...(isRoot ? [] : ['--rootless']), '--image', `${layout}:image`, join(folder, 'bundle')]);
  return join(folder, 'bundle', 'rootfs');
}

/** Mode and owner of the files of an image by their paths, as tar says: `-rw-r--r-- 0/0`. */
export function listFiles(archive: string): Readonly<Record<string, string>> {
  const folder = join(temporaryFolder(), 'layers');
  run('skopeo', ['copy', '--quiet', `oci-archive:${archive}`, `dir:${folder}`]);
  const { layers } = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as {
    readonly layers: readonly { readonly digest: string }[];
  };
  const files: Record<string, string> = {};
  for (const { digest } of layers) {
    const list = run('tar', ['--numeric-owner', '-tvf', join(folder, digest.slice('sha256:'.length))]);
    for (const [, status = '', path = ''] of list.matchAll(
      /^(\S+ \d+\/\d+) +\S+ \S+ \S+ (.*?)\/?(?: -> .*| link to .*)?$/gm,
    )) {
      files[path] = status;
    }
  }
  return files;
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
