import { closeSync, mkdirSync, openSync, readSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Builder, BuilderName } from './builders/builder.ts';
import type { Disk } from './disk.ts';
import { timeCommands, type Sample } from './timed-process.ts';
import type { Surroundings, Workload } from './workloads/workload.ts';

/** What a builder did with a workload. */
export type Outcome =
  | { readonly kind: 'measured'; readonly samples: readonly Sample[] }
  | { readonly kind: 'left-out'; readonly reason: string }
  | { readonly kind: 'failed'; readonly reason: string };

/** A workload and what became of it. */
export interface Row {
  readonly workload: Workload;
  readonly outcomes: ReadonlyMap<BuilderName, Outcome>;
}

export interface SessionOptions {
  readonly disk: Disk;
  readonly builders: readonly Builder[];
  readonly surroundings: Surroundings;
  /** Of each builder, besides one that is not counted. */
  readonly runs: number;
  readonly signal: AbortSignal;
  /** Is told what has been done. */
  readonly say: (line: string) => void;
}

/** Builds a workload with all builders in turns. What fails is an outcome, too; once interrupted, nothing more is done. */
export async function measureWorkload(workload: Workload, options: SessionOptions): Promise<Row> {
  const context = join(options.disk.folder, 'context');
  const outcomes = new Map<BuilderName, Outcome>();
  try {
    mkdirSync(context);
    await workload.writeContext?.(context, options.signal);
    writeFileSync(join(context, 'Dockerfile'), workload.dockerfile(options.surroundings));
    for (let round = 0; round <= options.runs; round++) {
      workload.change?.(context, round);
      for (const builder of options.builders) await takeTurn(builder, round, { workload, context, outcomes, options });
    }
  } catch (error) {
    for (const { name } of options.builders) outcomes.set(name, { kind: 'failed', reason: messageOf(error) });
    options.say(`${workload.id}  cannot be made: ${messageOf(error)}`);
  } finally {
    rmSync(context, { recursive: true, force: true });
  }
  return { workload, outcomes };
}

interface Turn {
  readonly workload: Workload;
  readonly context: string;
  readonly outcomes: Map<BuilderName, Outcome>;
  readonly options: SessionOptions;
}

async function takeTurn(builder: Builder, round: number, turn: Turn): Promise<void> {
  const { workload, outcomes, options } = turn;
  const before = outcomes.get(builder.name) ?? { kind: 'measured', samples: [] };
  const reason = workload.leftOut?.[builder.name];
  if (reason !== undefined) outcomes.set(builder.name, { kind: 'left-out', reason });
  if (reason !== undefined || before.kind !== 'measured') return;
  if (isInterrupted(options)) return;
  try {
    if (workload.start !== 'cached' || round === 0) await builder.reset(workload.bases);
    const sample = await build(builder, turn);
    // The first one fills the caches: those of the builder, and what the machine knows of its files.
    const samples = round === 0 ? [] : [...before.samples, sample];
    outcomes.set(builder.name, { kind: 'measured', samples });
    const which = round === 0 ? 'first' : `${round}/${options.runs}`;
    const { seconds, memory, load } = sample;
    const took = `${seconds.toFixed(2)} s  ${memory.toFixed(0)} MiB  load ${load.toFixed(1)}`;
    options.say(`${workload.id}  ${which}  ${builder.name}  ${took}`);
  } catch (error) {
    outcomes.set(builder.name, { kind: 'failed', reason: messageOf(error) });
    if (!isInterrupted(options)) options.say(`${workload.id}  ${builder.name} failed: ${messageOf(error)}`);
  }
}

async function build(builder: Builder, { workload, context, options }: Turn): Promise<Sample> {
  const archive = join(options.disk.folder, 'out.tar');
  rmSync(archive, { force: true });
  const commands = builder.commands({ context, output: workload.output, archive });
  await options.disk.settle();
  const sample = await timeCommands(commands, { daemon: builder.daemon, signal: options.signal });
  if (workload.output !== 'none' && !isTar(archive)) throw new Error(`${builder.name} has written no archive`);
  rmSync(archive, { force: true });
  return sample;
}

function isTar(path: string): boolean {
  const file = openSync(path, 'r');
  const header = Buffer.alloc(512);
  readSync(file, header);
  closeSync(file);
  return header.toString('latin1', 257, 262) === 'ustar';
}

function isInterrupted({ signal }: SessionOptions): boolean {
  return signal.aborted;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
