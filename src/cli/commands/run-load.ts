import type { CommandContext } from '../context.ts';
import type { LoadRequest } from '../request/load-request.ts';

/** Loads images, and says for each: `Loaded image: docker.io/library/busybox:latest`. */
export async function runLoad(request: LoadRequest, { terminal }: CommandContext): Promise<void> {
  const names = await load(request);
  if (!request.quiet) for (const name of names) terminal.out(`Loaded image: ${name}\n`);
}

/** Gives the names of what was loaded. */
async function load({ input, store }: LoadRequest): Promise<readonly string[]> {
  const { loadInto } = await import('../../engine/build/load.ts');
  const images = await loadInto(store, input === '-' ? process.stdin : input, process.env);
  return images.map(({ name, digest }) => name ?? digest);
}
