/** A step that wants to print. */
export interface Waiting {
  /** How often there was news since `since`. */
  readonly news: number;
  /** Milliseconds since the epoch. */
  readonly since: number;
}

/** Milliseconds that a step prints before another takes over, at least. */
const antiFlicker = 5000;
/** Milliseconds after which a step that waits is printed whatever the others have to say. */
const longestWait = 10_000;

/**
 * Which of several steps that run at the same time prints next, by buildx's rule: the one that prints stays until it had its
 * fair share of time; then the liveliest follows, unless somebody has waited too long.
 *
 * Undefined if it stays as it is. The current one is undefined if it does not run any more.
 */
export function nextTurn<Step extends Waiting>(
  others: readonly Step[],
  current: Step | undefined,
  now: number,
): Step | undefined {
  const speed = ({ news, since }: Waiting) => news / Math.max(now - since, 1);
  const [first, ...rest] = others;
  if (!first) return undefined;
  const impatient = others.find(({ since }) => now - since > longestWait);
  const liveliest = rest.reduce((best, step) => (speed(step) > speed(best) ? step : best), first);
  if (impatient || !current) return impatient ?? liveliest;
  if (speed(current) > speed(liveliest)) return undefined;
  const sum = others.reduce((total, step) => total + speed(step), speed(current));
  const fairTime = antiFlicker / (1 - speed(current) / sum);
  return now - current.since > fairTime ? liveliest : undefined;
}
