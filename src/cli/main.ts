import { writeAll } from './terminal.ts';
import { version } from './version.ts';

/*
 * The door of the program. It loads what a command needs and nothing else: starting is most of what a short command costs.
 */

/** Runs a command line as `process.argv` holds it, and sets the exit code of the process. */
export async function main(argv: readonly string[]): Promise<void> {
  const [first, ...others] = argv.slice(2);
  if (others.length === 0 && (first === '--version' || first === '-V')) {
    writeAll(1, `${version}\n`);
    return;
  }
  const { run } = await import('./run.ts');
  process.exitCode = await run(argv);
}
