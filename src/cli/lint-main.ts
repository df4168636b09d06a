import { lintCommand } from './commands/lint.ts';
import { run } from './run.ts';

/**
 * Runs `kiln lint`, as {@link main} does. Editors run it with every change, so it is a program of its own, a third of the size
 * of the other one.
 */
export async function main(argv: readonly string[]): Promise<void> {
  process.exitCode = await run(argv, { lint: () => Promise.resolve(lintCommand) });
}
