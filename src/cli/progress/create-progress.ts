import { systemClock } from '../../progress/clock.ts';
import { PlainProgress } from './plain-progress.ts';
import type { Progress, ProgressOptions } from './progress.ts';
import type { ProgressKind } from './progress-kind.ts';
import { quietProgress } from './quiet-progress.ts';
import { rawJsonProgress } from './raw-json-progress.ts';
import { TtyProgress } from './tty-progress.ts';

/** Starts to show the progress of a build. Where standard error is no terminal, `tty` is `plain`. */
export function createProgress(
  kind: ProgressKind,
  { terminal, clock = systemClock, debug = false }: Pick<ProgressOptions, 'terminal'> & Partial<ProgressOptions>,
): Progress {
  const options: ProgressOptions = { terminal, clock, debug };
  switch (kind) {
    case 'auto':
    case 'tty':
      return terminal.errWindow() ? new TtyProgress(options) : new PlainProgress(options);
    case 'plain':
      return new PlainProgress(options);
    case 'rawjson':
      return rawJsonProgress(options);
    case 'quiet':
      return quietProgress(options, { printsImageId: true });
    case 'none':
      return quietProgress(options, { printsImageId: false });
  }
}
