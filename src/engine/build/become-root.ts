import process from 'node:process';
import { needsUserNamespace, runRootless, type RootlessEnd } from '../../sandbox/rootless/rootless.ts';

export type { RootlessEnd };

/**
 * Files have owners, and file systems are mounted, so a build needs to be root somewhere. Who is not, becomes it in a user
 * namespace: the same command is run there, and its end is the answer. Undefined: this process goes on itself.
 *
 * Throws KilnError `sandbox/user-namespace` if the machine does not allow that.
 *
 * @param store absolute path of the store, which is not that of the real root
 */
export async function becomeRoot(
  store: string,
  onDegraded: (reason: string) => void,
): Promise<RootlessEnd | undefined> {
  if (!needsUserNamespace()) return undefined;
  return await runRootless({
    args: [...process.execArgv, ...process.argv.slice(1)],
    env: { ...process.env, KILN_ROOT: store },
    onDegraded,
  });
}
