import { loadavg } from 'node:os';
import { runCommand, type Command } from './command.ts';
import { peakMemory, treeMemory } from './tree-memory.ts';

/** What one build took. */
export interface Sample {
  readonly seconds: number;
  /** Resident memory of the processes at the worst moment that was seen, in MiB; what they share is counted for each. */
  readonly memory: number;
  /** Load of the machine when it ended, over the last minute. */
  readonly load: number;
}

export interface TimingOptions {
  /** A daemon whose tree works for the commands. */
  readonly daemon?: number | undefined;
  readonly signal: AbortSignal;
}

/** After this a build counts as failed, ms. */
const patience = 15 * 60_000;
/** Looking takes about half a millisecond. */
const interval = 25;

/** Runs commands one after the other and times them as one. Throws if one fails, or all take too long. */
export async function timeCommands(commands: readonly Command[], { daemon, signal }: TimingOptions): Promise<Sample> {
  let memory = 0;
  let client: number | undefined;
  const look = () => {
    const tree = client === undefined ? 0 : Math.max(treeMemory(client), peakMemory(client));
    memory = Math.max(memory, tree + (daemon === undefined ? 0 : treeMemory(daemon)));
  };
  const watch = setInterval(look, interval);
  const started = (pid: number) => {
    client = pid;
  };
  const limit = AbortSignal.any([signal, AbortSignal.timeout(patience)]);
  const start = performance.now();
  try {
    for (const command of commands) await runCommand(command, { started, signal: limit });
    return { seconds: (performance.now() - start) / 1000, memory, load: loadavg()[0] ?? 0 };
  } finally {
    clearInterval(watch);
  }
}
