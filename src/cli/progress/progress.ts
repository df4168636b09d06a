import type { ProgressSink } from '../../progress/build-event.ts';
import type { Clock } from '../../progress/clock.ts';
import type { Terminal } from '../terminal.ts';

/** How a build shows what it does. */
export interface Progress {
  /** Where the build sends its events. */
  readonly sink: ProgressSink;
  /** Shows what has not been shown, and stops. To be called once, however the build ends; errors are printed after it. */
  readonly finish: (outcome: ProgressOutcome) => void;
}

/** How a build has ended. */
export interface ProgressOutcome {
  /** Digest of the image that was made; absent if none was. */
  readonly imageId?: string | undefined;
}

/** Where and how progress is shown. */
export interface ProgressOptions {
  readonly terminal: Terminal;
  readonly clock: Clock;
  /** Warnings are shown with all their detail. */
  readonly debug: boolean;
}
