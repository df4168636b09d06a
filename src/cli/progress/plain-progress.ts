import type { BuildEvent } from '../../progress/build-event.ts';
import type { Clock } from '../../progress/clock.ts';
import type { Terminal } from '../terminal.ts';
import { nextTurn } from './fair-turn.ts';
import { noteNews, plainStep, type PlainStep } from './plain-step.ts';
import { PlainWriter } from './plain-writer.ts';
import type { Progress, ProgressOptions } from './progress.ts';
import { RedrawTimer } from './redraw-timer.ts';
import { StepLogs } from './step-logs.ts';
import { isCompleted, latestInterval, Trace, type Step } from './trace.ts';
import { WarningList } from './warning-list.ts';

/** Milliseconds in which news gather, so that steps are not torn apart. */
const gatheringTime = 100;
/** Bytes of output of a step that may gather, at most. */
const gatheredBytes = 64 * 1024;

/** Lines on standard error, in the look of `docker buildx build --progress=plain`. */
export class PlainProgress implements Progress {
  readonly #terminal: Terminal;
  readonly #clock: Clock;
  readonly #debug: boolean;
  readonly #trace = new Trace();
  readonly #logs = new StepLogs();
  readonly #warnings = new WarningList();
  readonly #writer = new PlainWriter();
  readonly #plain = new Map<Step, PlainStep>();
  /** What has news that are not printed. */
  readonly #fresh = new Set<PlainStep>();
  readonly #timer: RedrawTimer;

  constructor({ terminal, clock, debug }: ProgressOptions) {
    this.#terminal = terminal;
    this.#clock = clock;
    this.#debug = debug;
    this.#timer = new RedrawTimer(gatheringTime, clock, () => {
      this.#flush();
    });
  }

  readonly sink = (event: BuildEvent): void => {
    this.#warnings.note(event);
    const step = this.#trace.update(event);
    if (!step) return;
    const piece = event.kind === 'log' ? this.#logs.append(step, event) : undefined;
    this.#logs.settle(step);
    const plain = this.#plainOf(step);
    noteNews(plain, event, { piece, now: this.#clock() });
    this.#fresh.add(plain);
    if (plain.bytes > gatheredBytes) {
      this.#print(plain);
      this.#write();
    }
    this.#timer.request();
  };

  readonly finish = (): void => {
    this.#timer.stop();
    this.#printEnded();
    for (const plain of this.#fresh) this.#print(plain);
    this.#write();
    this.#terminal.err(this.#logs.failures(this.#trace.started));
    this.#terminal.err(this.#warnings.text({ debug: this.#debug, color: this.#terminal.errColor }));
  };

  #flush(): void {
    this.#printEnded();
    this.#printRunning();
    this.#write();
    if (this.#fresh.size > 0) this.#timer.request();
  }

  #printEnded(): void {
    const { current } = this.#writer;
    const rank = (plain: PlainStep) => (plain === current ? 0 : (latestInterval(plain.step)?.stop ?? 0));
    const ended = [...this.#fresh].filter(({ step }) => isCompleted(step));
    for (const plain of ended.sort((a, b) => rank(a) - rank(b))) this.#print(plain);
  }

  #printRunning(): void {
    const { current } = this.#writer;
    if (current && this.#fresh.has(current)) this.#print(current);
    const next = nextTurn([...this.#fresh], current, this.#clock());
    if (next) this.#print(next);
    if (this.#writer.current) return;
    // Whoever looks on wants to know what is running, even if it has nothing to say.
    const silent = this.#trace.started.find((step) => !isCompleted(step));
    if (silent) this.#print(this.#plainOf(silent));
  }

  #print(plain: PlainStep): void {
    this.#writer.print(plain);
    this.#fresh.delete(plain);
  }

  #write(): void {
    const bytes = this.#writer.take();
    if (bytes.length > 0) this.#terminal.err(bytes);
  }

  #plainOf(step: Step): PlainStep {
    const known = this.#plain.get(step);
    if (known) return known;
    const plain = plainStep(step);
    this.#plain.set(step, plain);
    return plain;
  }
}
