const signals = ['SIGINT', 'SIGTERM'] as const;

/** SIGINT and SIGTERM, until the process ends: a build that is done says so with its exit code, whatever comes then. */
export interface Interruption {
  /** Aborts at the first of these signals. The second ends the process. */
  readonly signal: AbortSignal;
  /** Lets the signals end the process, for work that cannot hear of them. */
  readonly leave: () => void;
}

/** Minds SIGINT and SIGTERM, in the place of `bin/compiled-program.js`, which does so until there is something to stop. */
export function mindInterruption(): Interruption {
  const controller = new AbortController();
  const leave = () => {
    for (const name of signals) process.removeAllListeners(name);
  };
  const interrupt = () => {
    for (const name of signals) process.removeListener(name, interrupt);
    controller.abort();
  };
  for (const name of signals) {
    const before = process.listeners(name);
    // In this order: what has come already would be lost if there were no listener in between.
    process.on(name, interrupt);
    for (const listener of before) process.removeListener(name, listener);
  }
  return { signal: controller.signal, leave };
}
