import { rmSync } from 'node:fs';
import process from 'node:process';
import { needsUserNamespace, runRootless } from '../../../src/sandbox/rootless/rootless.ts';

/*
 * Removes what users without root have files of other ids in, such as a store: those ids are only theirs in a user namespace.
 * Without an argument, just finds out whether there can be one.
 */

const [, , path] = process.argv;
if (needsUserNamespace()) {
  const end = await runRootless({ args: [...process.execArgv, ...process.argv.slice(1)], env: process.env });
  process.exitCode = end.kind === 'exited' ? end.code : 1;
} else if (path !== undefined) {
  rmSync(path, { recursive: true, force: true });
}
