import type { RootlessEnd } from '../../engine/build/become-root.ts';
import type { CommandContext } from '../context.ts';
import { reportCanceled } from './report-failure.ts';

export interface AsRootOptions {
  /** Tells of signals that the other process gets as well; they may end it before it can say so. */
  readonly signal?: AbortSignal;
  /** Whether the user is to know what becomes of the owners of files. */
  readonly makesFiles?: boolean;
}

/** Runs some work as root: here, or in a process of its own where the user is root. */
export async function asRoot(
  store: string,
  context: CommandContext,
  work: () => Promise<void>,
  { signal, makesFiles }: AsRootOptions = {},
): Promise<void> {
  const { becomeRoot } = await import('../../engine/build/become-root.ts');
  let end: RootlessEnd | undefined;
  try {
    const onDegraded = (reason: string) => {
      if (makesFiles) context.terminal.err(`warning: ${reason}: ${consequence}\n`);
    };
    end = await becomeRoot(store, onDegraded);
  } catch (error) {
    if (signal?.aborted !== true) throw error;
    reportCanceled(context);
    return;
  }
  if (!end) await work();
  else if (end.kind === 'exited') context.exitCode = end.code;
  else if (signal?.aborted === true) reportCanceled(context);
  else context.exitCode = 128 + (signalNumbers[end.signal] ?? 0);
}

/** See docs/rootless.md. */
const consequence =
  'files keep the owners that COPY and base images give them, but not those that RUN gives with chown';

/** As a shell reports them. */
const signalNumbers: Readonly<Partial<Record<NodeJS.Signals, number>>> = {
  SIGHUP: 1,
  SIGINT: 2,
  SIGQUIT: 3,
  SIGKILL: 9,
  SIGTERM: 15,
};
