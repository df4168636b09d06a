import process from 'node:process';
import { isKilnError } from '../../diagnostic/kiln-error.ts';
import { idMap } from '../../system/id-map.ts';
import { isRootless, needsUserNamespace, runRootless, type RootlessEnd } from '../../sandbox/rootless/rootless.ts';

export type { RootlessEnd };

/** Set for a process that Kiln itself has made root: whoever made it has said what is missing. */
const toldVariable = 'KILN_ROOTLESS';

export interface RootOptions {
  /** Told why there is no id but that of root, if so. */
  readonly onDegraded: (reason: string) => void;
  /** Whether the work can be done without being root, if it must be: it only looks. */
  readonly isOptional?: boolean | undefined;
}

/**
 * Files have owners, and file systems are mounted, so a build needs to be root somewhere. Who is not, becomes it in a user
 * namespace: the same command is run there, and its end is the answer. Undefined: this process goes on itself, which is one of
 * root, or has no right but to copy files, as root has in a container.
 *
 * Throws KilnError `sandbox/user-namespace` if the machine does not allow that.
 *
 * @param store absolute path of the store, which is not that of the real root
 */
export async function becomeRoot(
  store: string,
  { onDegraded, isOptional = false }: RootOptions,
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
    // Root may copy files, mounts or not; whoever wants more is told then.
    if ((process.getuid?.() === 0 || isOptional) && isKilnError(error)) return undefined;
    throw error;
  }
}
