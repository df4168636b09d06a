import process from 'node:process';
import { isKilnError } from '../../diagnostic/kiln-error.ts';
import { idMap } from '../../system/id-map.ts';
import { isRootless, needsUserNamespace, runRootless, type RootlessEnd } from '../../sandbox/rootless/rootless.ts';

export type { RootlessEnd };

/** Set for a process that Kiln itself has made root: whoever made it has said what is missing. */
const toldVariable = 'KILN_ROOTLESS';

/**
 * Files have owners, and file systems are mounted, so a build needs to be root somewhere. Who is not, becomes it in a user
 * namespace: the same command is run there, and its end is the answer. Undefined: this process goes on itself, which is one of
 * root, or, if the machine does not allow that, can do no more than to copy files.
 *
 * @param onDegraded told why there is no id but that of root, if so
 * @param store absolute path of the store, which is not that of the real root
 */
export async function becomeRoot(
  store: string,
  onDegraded: (reason: string) => void,
): Promise<RootlessEnd | undefined> {
  const isTold = process.env[toldVariable] !== undefined;
  if (isTold || !needsUserNamespace()) {
    if (isRootless() && idMap().firstMissing === 1 && !isTold)
      onDegraded('this user namespace has no id but that of root');
    return undefined;
  }
  try {
    return await runRootless({
      args: [...process.execArgv, ...process.argv.slice(1)],
      env: { ...process.env, KILN_ROOT: store, [toldVariable]: '1' },
      onDegraded,
    });
  } catch (error) {
    // Whoever wants more than that is told then.
    if (isKilnError(error) && error.code === 'sandbox/user-namespace') return undefined;
    throw error;
  }
}
