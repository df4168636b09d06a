import { spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Canary } from './canary.ts';
import { must } from './hostile-case.ts';

const program = resolve(import.meta.dirname, '../../bin/kiln.js');

export interface KilnRun {
  readonly stdin?: Uint8Array;
  readonly env?: Readonly<Record<string, string>>;
  /** ms after which it hangs; 60 s if absent. */
  readonly limit?: number | undefined;
  /** Sent when something was printed that matches. */
  readonly interrupt?: RegExp;
}

export interface KilnOutcome {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
  readonly ms: number;
  /** The most memory that it had, as far as was seen, in bytes. */
  readonly memory: number;
}

/** A folder for one case, with a store, and something outside of all that Kiln may write to. */
export class Rig implements Disposable {
  readonly folder = mkdtempSync(join(tmpdir(), 'kiln-hostile-'));
  readonly store = join(this.folder, 'store');
  readonly canary: Canary;

  constructor() {
    this.canary = new Canary(join(this.folder, 'canary'));
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  /** A build context. */
  context(files: Readonly<Record<string, string | Uint8Array>>): string {
    const folder = this.path('context');
    mkdirSync(folder);
    for (const [name, content] of Object.entries(files)) {
      writeFileSync(join(folder, name), content);
      utimesSync(join(folder, name), 1, 1);
    }
    return folder;
  }

  /** Runs Kiln to its end. Throws if it crashes, hangs, or leaves something where it must not. */
  async kiln(
    args: readonly string[],
    { stdin, env = {}, limit = 60_000, interrupt }: KilnRun = {},
  ): Promise<KilnOutcome> {
    const begun = performance.now();
    const child = spawn(process.execPath, [program, ...args], {
      env: { PATH: process.env['PATH'], HOME: this.folder, KILN_ROOT: this.store, ...env },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    let out = '';
    let err = '';
    let memory = 0;
    child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      err += text;
      if (interrupt?.test(err)) child.kill('SIGINT');
    });
    child.stdin.on('error', () => undefined).end(stdin);
    const watch = setInterval(() => (memory = Math.max(memory, peakMemory(child.pid))), 50);
    const end = setTimeout(() => child.kill('SIGKILL'), limit);
    const code = await new Promise<number | null>((done, fail) =>
      // As shells count it.
      child.on('error', fail).on('close', (status, signal) => {
        done(signal === 'SIGINT' ? 130 : status);
      }),
    );
    clearTimeout(end);
    clearInterval(watch);
    const ms = performance.now() - begun;
    must(code !== null, () => `killed after ${Math.round(ms)} ms\n${err.slice(-2000)}`);
    must(code !== 70 && !err.includes('bug in Kiln') && !/^ {4}at /m.test(err), () => `a crash\n${err.slice(-2000)}`);
    this.#check(err);
    return { code, out, err, ms, memory };
  }

  #check(err: string): void {
    this.canary.check(err);
    const temporary = join(this.store, 'tmp');
    const left = existsSync(temporary) ? readdirSync(temporary) : [];
    must(left.length === 0, () => `left in the store: ${left.join(' ')}`);
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function peakMemory(pid: number | undefined): number {
  try {
    const [, kilobytes = '0'] = /^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${String(pid)}/status`, 'utf8')) ?? [];
    return Number(kilobytes) * 1024;
  } catch {
    return 0;
  }
}
