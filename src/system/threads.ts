import { readdirSync } from 'node:fs';
import { pid } from 'node:process';
import { cFunction } from './c-library.ts';

/** SCHED_OTHER and SCHED_BATCH. */
const [ordinary, batch] = [0, 3];
/** A `struct sched_param`: these have no priorities. */
const noPriority = Buffer.alloc(4);

const getScheduler = cFunction('int sched_getscheduler(int)');
const setScheduler = cFunction('int sched_setscheduler(int, int, const uint8_t *)');

/**
 * A thread that is given something to do takes the processor from the one that gave it, for a millisecond or two if the others are
 * busy; and that is the one which everything waits for. The threads that there are by now, V8's and those of Node's pool, wait
 * for their turn from then on; not if somebody has chosen when this process is to have its turn.
 *
 * @see https://man7.org/linux/man-pages/man7/sched.7.html SCHED_BATCH
 */
export function putThreadsBehind(): void {
  try {
    if (getScheduler(0) !== ordinary) return;
    for (const thread of readdirSync('/proc/self/task')) {
      if (Number(thread) !== pid) setScheduler(Number(thread), batch, noPriority);
    }
  } catch {
    // Where there is no /proc, it takes a little longer.
  }
}
