import type { BuildEvent } from '../../progress/build-event.ts';
import type { Clock } from '../../progress/clock.ts';
import type { Terminal } from '../terminal.ts';
import type { Progress, ProgressOptions } from './progress.ts';
import { RedrawTimer } from './redraw-timer.ts';
import { screenLines } from './screen-text.ts';
import { StepLogs } from './step-logs.ts';
import { Trace, type Step } from './trace.ts';
import { ttyFrame } from './tty-frame.ts';
import { WarningList } from './warning-list.ts';

/** Milliseconds between two frames, at least. */
const frameTime = 100;

const hideCursor = '\x1b[?25l';
const showCursor = '\x1b[?25h';
const eraseLine = '\x1b[2K';
const eraseBelow = '\x1b[J';

/** A picture of the build that is drawn again and again, in the look of `docker buildx build` on a terminal. */
export class TtyProgress implements Progress {
  readonly #terminal: Terminal;
  readonly #clock: Clock;
  readonly #debug: boolean;
  readonly #trace = new Trace();
  readonly #logs = new StepLogs();
  readonly #warnings = new WarningList();
  readonly #timesShown = new Map<Step, number>();
  readonly #timer: RedrawTimer;
  /** Lines of the last frame. */
  #drawn = 0;

  constructor({ terminal, clock, debug }: ProgressOptions) {
    this.#terminal = terminal;
    this.#clock = clock;
    this.#debug = debug;
    this.#timer = new RedrawTimer(frameTime, clock, () => {
      this.#draw(false);
      // Time goes by even if nothing happens.
      this.#timer.request();
    });
  }

  readonly sink = (event: BuildEvent): void => {
    this.#warnings.note(event);
    const step = this.#trace.update(event);
    if (!step) return;
    if (event.kind === 'log') this.#logs.append(step, event);
    this.#logs.settle(step);
    this.#timer.request();
  };

  readonly finish = (): void => {
    this.#timer.stop();
    if (this.#trace.started.length > 0) this.#draw(true);
    this.#terminal.err(this.#logs.failures(this.#trace.started, (log) => Buffer.from(harmless(log))));
    this.#terminal.err(this.#warnings.text({ debug: this.#debug, color: this.#terminal.errColor }));
  };

  /** In one piece, with the cursor back in sight at the end, so that no frame is torn and no exit leaves it hidden. */
  #draw(isLast: boolean): void {
    const { columns, rows } = this.#terminal.errWindow() ?? { columns: 80, rows: 10 };
    const { lines, shown } = ttyFrame(
      { trace: this.#trace, logOf: (step) => this.#logs.get(step), timesShown: this.#timesShown },
      { columns, rows, color: this.#terminal.errColor, now: this.#clock(), isLast },
    );
    for (const step of shown) this.#timesShown.set(step, (this.#timesShown.get(step) ?? 0) + 1);
    const home = this.#drawn > 0 ? `\x1b[${this.#drawn}A\r` : '\r';
    const picture = lines.map((line) => `${eraseLine}${line}\n`).join('');
    this.#terminal.err(`${hideCursor}${home}${picture}${eraseBelow}${showCursor}`);
    this.#drawn = lines.length;
  }
}

/** Output without what could move the cursor of a terminal. */
function harmless(log: Buffer): string {
  return screenLines(log.toString('utf8')).join('\n');
}
