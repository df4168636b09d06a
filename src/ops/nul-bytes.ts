import { KilnError } from '../diagnostic/kiln-error.ts';
import { quote } from '../spec/quote.ts';
import type { ExecOp } from '../graph/exec-op.ts';
import type { Op } from '../graph/op.ts';

const hint = 'the kernel takes it for the end of the text; is the Dockerfile, or a value in it, really text?';

/**
 * Texts end at the first NUL byte when a program is executed, or a file is named, so what is behind would be lost.
 *
 * Throws KilnError `ops/nul-byte`.
 */
export function checkNulBytes(op: Op): void {
  if (op.kind === 'exec') {
    checkExec(op);
    return;
  }
  if (op.kind !== 'file') return;
  for (const action of op.actions) {
    for (const [name, value] of Object.entries(action)) {
      if (name !== 'content' && typeof value === 'string') check(value, `the path ${quote(value)}`);
    }
  }
}

/** As {@link checkNulBytes}, for variables. */
export function checkVariables(env: readonly string[]): void {
  for (const entry of env) check(entry, `the variable ${quote(entry.split('=', 1)[0] ?? '')}`);
}

function checkExec({ args, env, cwd, user, mounts }: ExecOp): void {
  for (const arg of args) check(arg, `the argument ${quote(arg)}`);
  checkVariables(env);
  check(cwd, `the working directory ${quote(cwd)}`);
  check(user, `the user ${quote(user)}`);
  for (const { target = '' } of mounts) check(target, `the mount target ${quote(target)}`);
}

function check(text: string, what: string): void {
  if (text.includes('\0')) throw new KilnError('ops/nul-byte', `${what} contains a NUL byte`, { hint });
}
