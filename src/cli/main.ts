import { run } from './run.ts';

/** Runs a command line as `process.argv` holds it, and sets the exit code of the process. */
export async function main(argv: readonly string[]): Promise<void> {
  process.exitCode = await run(argv);
}
