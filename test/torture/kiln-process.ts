import { spawn, type ChildProcess } from 'node:child_process';

export interface KilnStart {
  /** `bin/kiln.js`. */
  readonly program: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** How a process ended. */
export interface KilnEnd {
  /** Null if a signal ended it. */
  readonly code: number | null;
  readonly out: string;
  /** The last of it, if it is very long. */
  readonly err: string;
}

/** Kiln, running. */
export interface KilnProcess {
  readonly child: ChildProcess;
  readonly ended: Promise<KilnEnd>;
}

const longest = 1 << 20;

/** Starts Kiln and does not wait for it. */
export function startKiln({ program, args, env }: KilnStart): KilnProcess {
  const child = spawn(process.execPath, [program, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let out = '';
  let err = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text;
    if (err.length > 2 * longest) err = err.slice(-longest);
  });
  const ended = new Promise<KilnEnd>((done, failed) => {
    child.once('error', failed);
    // Not `close`: what it leaves behind may keep its pipes open.
    child.once('exit', (code) => {
      setImmediate(() => {
        done({ code, out, err });
      });
    });
  });
  return { child, ended };
}
