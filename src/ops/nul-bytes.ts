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
      if (name !== 'content' && typeof value === 'string') check(value, 'path');
    }
  }
}

/** As {@link checkNulBytes}, for variables. */
export function checkVariables(env: readonly string[]): void {
  for (const entry of env) check(entry, 'variable', entry.split('=', 1)[0]);
}

function checkExec({ args, env, cwd, user, mounts }: ExecOp): void {
  for (const arg of args) check(arg, 'argument');
  checkVariables(env);
  check(cwd, 'working directory');
  check(user, 'user');
  for (const { target = '' } of mounts) check(target, 'mount target');
}

function check(text: string, what: string, name = text): void {
  if (!text.includes('\0')) return;
  throw new KilnError('ops/nul-byte', `the ${what} ${quote(name)} contains a NUL byte`, { hint });
}
