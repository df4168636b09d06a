import type { Progress, ProgressOptions } from './progress.ts';
import { StepLogs } from './step-logs.ts';
import { Trace } from './trace.ts';

/** Nothing, but what the steps that fail have printed. `printsImageId` adds the digest of the image on standard output. */
export function quietProgress(
  { terminal }: ProgressOptions,
  { printsImageId }: { readonly printsImageId: boolean },
): Progress {
  const trace = new Trace();
  const logs = new StepLogs();
  return {
    sink: (event) => {
      const step = trace.update(event);
      if (!step) return;
      if (event.kind === 'log') logs.append(step, event);
      logs.settle(step);
    },
    finish: ({ imageId }) => {
      terminal.err(logs.failures(trace.started));
      if (printsImageId && imageId !== undefined) terminal.out(`${imageId}\n`);
    },
  };
}
