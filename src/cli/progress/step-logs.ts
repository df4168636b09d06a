import type { LogEvent } from '../../progress/build-event.ts';
import { isCanceled } from '../../progress/build-event.ts';
import { printable } from '../../diagnostic/printable.ts';
import { StepLog, type LogPiece } from './step-log.ts';
import { isCompleted, latestInterval, type Step } from './trace.ts';

/** The output of the steps that may yet fail, or have failed. */
export class StepLogs {
  readonly #logs = new Map<Step, StepLog>();

  /** Keeps a copy of what a step printed, and gives it back. */
  append(step: Step, { data, time }: LogEvent): LogPiece {
    const start = latestInterval(step)?.start ?? time;
    const piece: LogPiece = { data: Buffer.from(data), seconds: (time - start) / 1000 };
    const log = this.#logs.get(step) ?? new StepLog();
    this.#logs.set(step, log);
    log.append(piece);
    return piece;
  }

  get(step: Step): StepLog | undefined {
    return this.#logs.get(step);
  }

  /** Forgets the output of a step that has ended well. */
  settle(step: Step): void {
    if (isCompleted(step) && step.error === undefined) this.#logs.delete(step);
  }

  /** All that the failed ones of some steps have printed, as buildx shows it at the end. */
  failures(steps: readonly Step[], render: (log: Buffer) => Uint8Array = (log) => log): Buffer {
    const failed = steps.filter(({ error }) => error !== undefined && !isCanceled(error));
    return Buffer.concat(
      failed.flatMap((step) => [
        Buffer.from(`------\n > ${printable(step.name)}:\n`),
        render(this.#logs.get(step)?.text() ?? Buffer.alloc(0)),
        Buffer.from('------\n'),
      ]),
    );
  }
}
