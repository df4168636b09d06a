import { run, type Commands } from './run.ts';

const commands: Commands = {
  lint: async () => (await import('./commands/lint.ts')).lintCommand,
  build: async () => (await import('./commands/build.ts')).buildCommand,
  plan: async () => (await import('./commands/plan.ts')).planCommand,
  load: async () => (await import('./commands/load.ts')).loadCommand,
  images: async () => (await import('./commands/images.ts')).imagesCommand,
  rmi: async () => (await import('./commands/rmi.ts')).rmiCommand,
  du: async () => (await import('./commands/du.ts')).duCommand,
  prune: async () => (await import('./commands/prune.ts')).pruneCommand,
  store: async () => (await import('./commands/store.ts')).storeCommand,
  debug: async () => (await import('./commands/debug.ts')).debugCommand,
};

/** Runs a command line as `process.argv` holds it, and sets the exit code of the process. */
export async function main(argv: readonly string[]): Promise<void> {
  process.exitCode = await run(argv, commands);
}
