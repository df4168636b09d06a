import type { BuildEvent, WarningEvent } from '../../progress/build-event.ts';
import type { Waiting } from './fair-turn.ts';
import type { LogPiece } from './step-log.ts';
import type { Step } from './trace.ts';

/** A step, and what of it is not printed yet. */
export interface PlainStep extends Waiting {
  readonly step: Step;
  news: number;
  since: number;
  /** The number that its lines begin with; 0 before the first. */
  index: number;
  pieces: LogPiece[];
  /** Of the pieces. */
  bytes: number;
  /** Ids of transfers with something new. */
  readonly transfers: Set<string>;
  warnings: WarningEvent[];
  /** The last line printed has not ended. */
  isLineOpen: boolean;
}

/** A step of which nothing is known yet. */
export function plainStep(step: Step): PlainStep {
  return {
    step,
    news: 0,
    since: 0,
    index: 0,
    pieces: [],
    bytes: 0,
    transfers: new Set(),
    warnings: [],
    isLineOpen: false,
  };
}

/** Notes what is new of a step. `piece` is the output, if the event is about that. */
export function noteNews(plain: PlainStep, event: BuildEvent, { piece, now }: NewsOptions): void {
  if (plain.news === 0) plain.since = now;
  plain.news++;
  if (event.kind === 'status') plain.transfers.add(event.id);
  if (event.kind === 'warning') plain.warnings.push(event);
  if (!piece) return;
  plain.pieces.push(piece);
  plain.bytes += piece.data.length;
}

interface NewsOptions {
  readonly piece: LogPiece | undefined;
  readonly now: number;
}
