import { isCanceled } from '../../progress/build-event.ts';
import { printable } from '../../diagnostic/printable.ts';
import { formatTransfer } from './byte-count.ts';
import { secondsOf, type Interval } from './interval.ts';
import { isCompleted, latestInterval, type Step } from './trace.ts';

/** A line about a step or a part of one. */
export interface TtyJob {
  readonly name: string;
  /** How far a transfer is; may be empty. */
  readonly status: string;
  readonly seconds: number;
  readonly isCompleted: boolean;
  readonly tone: 'done' | 'canceled' | 'failed';
  /** Whose output may be shown below; absent for parts. */
  readonly step?: Step;
}

/** The lines about the steps that have started, at a time in milliseconds since the epoch. */
export function ttyJobs(steps: readonly Step[], now: number): readonly TtyJob[] {
  return steps.flatMap((step) => [stepJob(step, now), ...transferJobs(step, now), ...warningJobs(step, now)]);
}

function stepJob(step: Step, now: number): TtyJob {
  const { error, cached, intervals } = step;
  const name = `${cached ? 'CACHED ' : ''}${errorPrefix(error)}${printable(step.name.replaceAll('\t', ' '))}`;
  return {
    name,
    status: '',
    seconds: secondsOf(intervals.values(), now),
    isCompleted: isCompleted(step),
    tone: error === undefined ? 'done' : isCanceled(error) ? 'canceled' : 'failed',
    step,
  };
}

function errorPrefix(error: string | undefined): string {
  if (error === undefined) return '';
  return isCanceled(error) ? 'CANCELED ' : 'ERROR ';
}

function transferJobs({ transfers }: Step, now: number): readonly TtyJob[] {
  return [...transfers.values()].flatMap((transfer) => {
    const { id, started, completed } = transfer;
    if (started === undefined) return [];
    return {
      name: `=> ${printable(id)}`,
      status: formatTransfer(transfer).trimStart(),
      seconds: secondsOf([{ start: started, stop: completed }], now),
      isCompleted: completed !== undefined,
      tone: 'done' as const,
    };
  });
}

function warningJobs(step: Step, now: number): readonly TtyJob[] {
  const interval: Interval | undefined = latestInterval(step);
  return step.warnings.map(({ short }) => ({
    name: `WARN: ${printable(short)}`,
    status: '',
    seconds: interval ? secondsOf([interval], now) : 0,
    isCompleted: true,
    tone: 'canceled' as const,
  }));
}

/** As many of the jobs as there is room for: the last ones, and those before them that are still running. */
export function fitJobs(jobs: readonly TtyJob[], room: number): readonly TtyJob[] {
  if (jobs.length <= room) return jobs;
  if (room <= 0) return [];
  const tail = jobs.slice(jobs.length - room);
  const pushedOut = jobs.slice(0, jobs.length - room).filter((job) => !job.isCompleted);
  let toReplace = pushedOut.length;
  const kept = tail.filter((job) => !job.isCompleted || toReplace-- <= 0);
  return [...pushedOut.slice(pushedOut.length - (room - kept.length)), ...kept];
}
