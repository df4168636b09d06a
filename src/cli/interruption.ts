/** SIGINT and SIGTERM, as long as somebody minds them. */
export interface Interruption extends Disposable {
  /** Aborts at the first of these signals. The second ends the process. */
  readonly signal: AbortSignal;
}

/** Minds SIGINT and SIGTERM until it is disposed of. */
export function mindInterruption(): Interruption {
  const controller = new AbortController();
  const stopMinding = () => {
    process.removeListener('SIGINT', interrupt).removeListener('SIGTERM', interrupt);
  };
  const interrupt = () => {
    stopMinding();
    controller.abort();
  };
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt);
  return { signal: controller.signal, [Symbol.dispose]: stopMinding };
}
