import type { CommandContext } from '../context.ts';
import { requestEnvironment } from '../request/request-environment.ts';
import { storePath } from '../request/store-path.ts';
import type { FlagRow, FlagValues } from './flag-values.ts';

/** Which store a command is about. */
export const rootFlag: FlagRow = { flags: '--root <directory>', about: 'the local store (default: $KILN_ROOT)' };

/** The absolute path of that store. */
export function storeOf(flags: FlagValues, { terminal }: CommandContext): string {
  const { env, uid } = requestEnvironment(terminal);
  return storePath({ root: flags.last('root'), env, uid });
}
