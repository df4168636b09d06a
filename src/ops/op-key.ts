import { assert } from '../diagnostic/assert.ts';
import { cacheKey, type CacheKey, type KeyPart } from '../cache/cache-key.ts';
import type { ExecOp } from '../graph/exec-op.ts';
import type { FileOp } from '../graph/file-op.ts';
import { canonicalJson, type Vertex } from '../graph/vertex.ts';
import type { OpEnvironment } from './op-environment.ts';
import type { Result } from './result.ts';
import { accountsDigest, selectionDigest } from './selection.ts';

interface KeyWork<Op> {
  readonly op: Op;
  readonly inputs: readonly Result[];
  readonly signal: AbortSignal;
}

/** The key of a step: its operation, the layers it begins with, and the files that it reads from elsewhere. */
export async function stepKey(
  environment: OpEnvironment,
  { op }: Vertex,
  inputs: readonly Result[],
  signal: AbortSignal,
): Promise<CacheKey> {
  assert(op.kind === 'exec' || op.kind === 'file', `a vertex of kind ${op.kind} has no key`);
  const base = { name: 'base', value: await baseOf(environment, inputs[0], signal) };
  const parts =
    op.kind === 'exec'
      ? await execParts(environment, { op, inputs, signal })
      : await fileParts(environment, { op, inputs, signal });
  return cacheKey([{ name: 'kind', value: op.kind }, base, ...parts]);
}

/** A step may begin with the user's directory, if a stage does. */
async function baseOf(environment: OpEnvironment, base: Result | undefined, signal: AbortSignal): Promise<string> {
  assert(base !== undefined, 'a step has something to begin with');
  if (base.kind === 'snapshot') return base.chain;
  return selectionDigest(environment, base, { selector: { path: '/' }, signal });
}

async function execParts(environment: OpEnvironment, { op, inputs, signal }: KeyWork<ExecOp>): Promise<KeyPart[]> {
  const { env, mounts, ...rest } = op;
  const parts: KeyPart[] = [
    ...Object.entries(rest).map(([name, value]) => ({ name, value: canonicalJson(value) })),
    ...env.map((entry) => ({ name: `env ${entry.split('=', 1)[0] ?? ''}`, value: entry })),
  ];
  for (const mount of mounts) {
    parts.push({ name: `mount ${mount.target ?? mount.kind}`, value: canonicalJson({ ...mount, input: undefined }) });
    // What a cache begins with decides nothing once it is there.
    if (mount.kind !== 'bind') continue;
    const selector = { path: mount.selector };
    const value = await selectionDigest(environment, inputAt(inputs, mount.input), { selector, signal });
    parts.push({ name: `files ${mount.selector}`, value });
  }
  return parts;
}

async function fileParts(environment: OpEnvironment, { op, inputs, signal }: KeyWork<FileOp>): Promise<KeyPart[]> {
  const parts: KeyPart[] = [];
  for (const action of op.actions) {
    const { kind, ...rest } = action;
    parts.push({ name: kind, value: canonicalJson({ ...rest, input: undefined }) });
    if ('owner' in action && action.owner && action.owner.input > 0) {
      const accounts = inputAt(inputs, action.owner.input);
      parts.push({ name: 'accounts', value: await accountsDigest(environment, accounts, signal) });
    }
    if (action.kind !== 'copy') continue;
    const { source, parents, excludes, wildcards } = action;
    const selector = { source, parents, excludes, wildcards };
    const value = await selectionDigest(environment, inputAt(inputs, action.input), { selector, signal });
    parts.push({ name: `files ${action.source}`, value });
  }
  return parts;
}

function inputAt(inputs: readonly Result[], index: number): Result {
  const input = inputs[index];
  assert(input !== undefined, `there is no input ${index}`);
  return input;
}
