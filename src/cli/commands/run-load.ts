import { KilnError } from '../../diagnostic/kiln-error.ts';
import type { CommandContext } from '../context.ts';
import type { LoadRequest } from '../request/load-request.ts';

/** Loads images, and says for each: `Loaded image: docker.io/library/busybox:latest`. */
export async function runLoad(request: LoadRequest, { terminal }: CommandContext): Promise<void> {
  const names = await load(request);
  if (!request.quiet) for (const name of names) terminal.out(`Loaded image: ${name}\n`);
}

/** The one place where the engine is called; gives the names of what was loaded. */
const load: (request: LoadRequest) => Promise<readonly string[]> = () =>
  Promise.reject(new KilnError('cli/load', 'this version does not load images'));
