import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import type { Command } from './command.ts';

/** A program that serves others until it is stopped. */
export interface Daemon {
  readonly pid: number;
  /** Ends it and waits for that. */
  stop(): Promise<void>;
}

const patience = 30_000;

/** Starts a program in the background and waits until it answers. Throws with the end of its log if it does not. */
export async function startDaemon(command: Command, log: string, answers: () => Promise<unknown>): Promise<Daemon> {
  const output = openSync(log, 'w');
  const { program, args, env } = command;
  // Ctrl-C shall not stop it before those who use it.
  const child = spawn(program, args, { env, stdio: ['ignore', output, output], detached: true });
  closeSync(output);
  child.once('error', () => undefined);
  const daemon = { pid: child.pid ?? 0, stop: () => stop(child) };
  const start = performance.now();
  for (;;) {
    try {
      await answers();
      return daemon;
    } catch (cause) {
      if (child.pid !== undefined && child.exitCode === null && performance.now() - start < patience) {
        await wait(100);
        continue;
      }
      await daemon.stop();
      throw new Error(`${program} does not start: ${readFileSync(log, 'utf8').trim().slice(-1000)}`, { cause });
    }
  }
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((done) => child.once('exit', done));
  child.kill('SIGTERM');
  const late = setTimeout(() => child.kill('SIGKILL'), 20_000);
  await ended;
  clearTimeout(late);
}
