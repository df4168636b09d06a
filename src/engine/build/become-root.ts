import process from 'node:process';
import { needsUserNamespace, runRootless } from '../../sandbox/rootless/rootless.ts';

/**
 * Files have owners, and file systems are mounted, so a build needs to be root somewhere. Who is not, becomes it in a user
 * namespace: the same command is run there, and its exit code is the answer. Undefined: this process goes on itself.
 *
 * Throws KilnError `sandbox/user-namespace` if the machine does not allow that.
 *
 * @param store absolute path of the store, which is not that of the real root
 */
export async function becomeRoot(store: string, onDegraded: (reason: string) => void): Promise<number | undefined> {
  if (!needsUserNamespace()) return undefined;
  const end = await runRootless({
    args: [...process.execArgv, ...process.argv.slice(1)],
    env: { ...process.env, KILN_ROOT: store },
    onDegraded,
  });
  return end.kind === 'exited' ? end.code : 128 + (signalNumbers[end.signal] ?? 0);
}

/** As a shell reports them. */
const signalNumbers: Readonly<Partial<Record<NodeJS.Signals, number>>> = {
  SIGHUP: 1,
  SIGINT: 2,
  SIGQUIT: 3,
  SIGKILL: 9,
  SIGTERM: 15,
};
