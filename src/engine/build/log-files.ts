import { readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pid } from 'node:process';
import { KilnError } from '../../diagnostic/kiln-error.ts';
import { parseByteSize } from '../../dockerfile/values/byte-size.ts';
import { ValueError } from '../../spec/value-error.ts';

const variable = 'KILN_STEP_LOG_MAX_SIZE';
/** As BuildKit has it. */
const defaultLimit = 2 << 20;
const keptFor = 7 * 24 * 3600 * 1000;

/**
 * How much of a step's output is shown as it comes: `KILN_STEP_LOG_MAX_SIZE`, -1 for all of it. Bytes.
 *
 * Throws KilnError `engine/step-log-size`.
 */
export function stepLogLimit(env: NodeJS.ProcessEnv): number {
  const text = env[variable] ?? '';
  if (text === '') return defaultLimit;
  if (text === '-1') return Infinity;
  try {
    return parseByteSize(text);
  } catch (cause) {
    if (!(cause instanceof ValueError)) throw cause;
    throw new KilnError('engine/step-log-size', `${variable}: ${cause.message}`, {
      hint: 'give a size such as 10MiB, or -1 for all of the output',
      cause,
    });
  }
}

/** Files for the output of steps that print very much. They stay for a week, so that they can be looked at. */
export class LogFiles {
  readonly #directory: string;
  #count = 0;

  /** @param directory is made when it is needed */
  constructor(directory: string) {
    this.#directory = directory;
  }

  /** Path of a new one. What is too old is removed. */
  readonly next = (): string => {
    if (this.#count === 0) this.#removeOld();
    return join(this.#directory, `${new Date().toISOString().replaceAll(/[:.]/g, '-')}-${pid}-${++this.#count}.log`);
  };

  #removeOld(): void {
    let names: readonly string[];
    try {
      names = readdirSync(this.#directory);
    } catch {
      // It is not there yet.
      return;
    }
    for (const name of names) {
      const path = join(this.#directory, name);
      const age = Date.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
      if (age > keptFor) rmSync(path, { force: true });
    }
  }
}
