import { columnCount, cutColumns, wrapColumns } from './columns.ts';
import { screenLines } from './screen-text.ts';
import type { StepLog } from './step-log.ts';
import { fitJobs, ttyJobs, type TtyJob } from './tty-view.ts';
import { isCompleted, type Step, type Trace } from './trace.ts';

/** Lines of output that are shown of a running step. */
const mostLogLines = 6;
/** Columns that lines of output leave free. */
const logMargin = 10;
/** Bytes at the end of the output in which the lines to show are looked for. */
const inspectedBytes = 16 * 1024;
/** How much a step that has been shown is preferred, in bytes of output a frame. */
const shownBonus = 50;

const colors = { done: '34', canceled: '33', failed: '31', log: '2' } as const;

/** What a frame shows. */
export interface TtyScene {
  readonly trace: Trace;
  readonly logOf: (step: Step) => StepLog | undefined;
  /** In how many frames the output of a step has been shown. */
  readonly timesShown: ReadonlyMap<Step, number>;
}

/** How a frame is drawn. */
export interface TtyFrameOptions {
  readonly columns: number;
  readonly rows: number;
  readonly color: boolean;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** The build is over: all steps are shown, however many they are. */
  readonly isLast: boolean;
}

/** A picture of a build. */
export interface TtyFrame {
  readonly lines: readonly string[];
  /** The steps whose output is in the picture. */
  readonly shown: readonly Step[];
}

/** The picture of a build that `docker buildx build` gives on a terminal. No line is wider than the terminal. */
export function ttyFrame(scene: TtyScene, options: TtyFrameOptions): TtyFrame {
  const all = ttyJobs(scene.trace.started, options.now);
  const windows = logWindows(all, scene, options);
  const hidden = [...windows.values()].reduce((sum, lines) => sum + lines.length, 0);
  const jobs = options.isLast ? all : fitJobs(all, options.rows - 2 - hidden);
  const lines = jobs.flatMap((job) => [
    ...jobLine(job, options),
    ...((job.step && windows.get(job.step)) ?? []).map((line) => paint(` => => # ${line}`, 'log', options)),
  ]);
  const shown = jobs.flatMap(({ step }) => (step && windows.has(step) ? [step] : []));
  return { lines: [headline(scene.trace, options), ...lines], shown };
}

function headline({ steps, startTime }: Trace, { now, columns, isLast }: TtyFrameOptions): string {
  const visible = [...steps].filter((step) => !step.hidden);
  const done = visible.filter(isCompleted).length;
  const seconds = ((now - (startTime ?? now)) / 1000).toFixed(1);
  const end = isLast && done > 0 && done === visible.length ? ' FINISHED' : '';
  return cutColumns(`[+] Building ${seconds}s (${done}/${visible.length})${end}`, columns);
}

/** ` => name status     0.1s`; nothing if the terminal is too narrow. */
function jobLine(job: TtyJob, options: TtyFrameOptions): readonly string[] {
  const { columns } = options;
  const timer = `${(job.seconds < 0.05 ? 0 : job.seconds).toFixed(1)}s`;
  const prefix = ' => ';
  let left = columns - prefix.length - timer.length - 3;
  const hasStatus = job.status !== '' && left + job.status.length > 20;
  if (hasStatus) left -= job.status.length + 1;
  if (left < 12) return [];
  const text = `${prefix}${cutColumns(job.name, left)}${hasStatus ? ` ${job.status}` : ''}`;
  const gap = ' '.repeat(Math.max(1, columns - 1 - columnCount(text) - timer.length));
  const line = `${text}${gap}${timer}`;
  return [job.isCompleted ? paint(line, job.tone, options) : line];
}

function paint(text: string, tone: keyof typeof colors, { color }: TtyFrameOptions): string {
  return color ? `\x1b[${colors[tone]}m${text}\x1b[0m` : text;
}

/** The last lines of the steps that print most, as far as there is room for them. */
function logWindows(
  jobs: readonly TtyJob[],
  { logOf, timesShown }: TtyScene,
  { rows, columns }: TtyFrameOptions,
): ReadonlyMap<Step, readonly string[]> {
  const windows = new Map<Step, readonly string[]>();
  const running = jobs.filter((job) => !job.isCompleted);
  const weight = (step: Step) => (logOf(step)?.size ?? 0) + (timesShown.get(step) ?? 0) * shownBonus;
  const candidates = running
    .flatMap(({ step }) => (step && logOf(step) ? [step] : []))
    .sort((a, b) => weight(b) - weight(a));
  let free = rows - 2 - running.length;
  for (const step of candidates) {
    if (free <= mostLogLines + 3) break;
    free -= mostLogLines + 3;
    windows.set(step, lastLines(logOf(step), columns - logMargin));
  }
  return windows;
}

function lastLines(log: StepLog | undefined, width: number): readonly string[] {
  const bytes = Buffer.concat((log?.last(inspectedBytes) ?? []).map(({ data }) => data));
  const isCut = log !== undefined && bytes.length < log.size;
  // What is left of a line, or of a character, would not be what was printed.
  const text = bytes.toString('utf8', isCut ? bytes.indexOf('\n') + 1 : 0);
  const lines = screenLines(text).filter((line) => line.trim() !== '');
  return lines
    .slice(-mostLogLines)
    .flatMap((line) => wrapColumns(line, Math.max(width, 1)))
    .slice(-mostLogLines);
}
