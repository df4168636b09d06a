import type { CommandContext } from '../context.ts';

/** Runs some work as root: here, or in a process of its own where the user is root. */
export async function asRoot(store: string, context: CommandContext, work: () => Promise<void>): Promise<void> {
  const { becomeRoot } = await import('../../engine/build/become-root.ts');
  const code = await becomeRoot(store, (reason) => {
    context.terminal.err(`warning: ${reason}\n`);
  });
  if (code === undefined) await work();
  else context.exitCode = code;
}
