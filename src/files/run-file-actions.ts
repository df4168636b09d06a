import { assert } from '../diagnostic/assert.ts';
import type { FileAction, Owner } from '../graph/file-op.ts';
import type { UnpackLimits } from '../system/unpack-limits.ts';
import { readMode } from './attributes.ts';
import type { ActionScope } from './action-scope.ts';
import { copySource } from './copy-action.ts';
import { describeSystemErrors } from './describe-system-errors.ts';
import { makeDirectory } from './make-directory.ts';
import { makeFile } from './make-file.ts';
import { lookUpOwner, type OwnerIds } from './owner.ts';
import { Pacer } from '../system/pacer.ts';
import type { SeenFiles } from './seen-files.ts';
import type { TargetFiles } from './target-files.ts';
import { rootsOf, type Tree } from './tree.ts';

/** A file operation with what it works on. */
export interface FileActionsRequest {
  readonly actions: readonly FileAction[];
  /** What is changed. */
  readonly files: TargetFiles;
  /** By the index that actions have; the first is what is changed, as a tree. Undefined: nothing, no files. */
  readonly inputs: readonly (Tree | undefined)[];
  /** What contexts were like when they were hashed. */
  readonly seen?: ReadonlyMap<Tree, SeenFiles> | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Of archives that are unpacked. The default ones if absent. */
  readonly limits?: UnpackLimits | undefined;
}

/**
 * Changes a file system as COPY, ADD and WORKDIR say, in order. After an error, some of it has happened.
 *
 * @throws KilnError `files/...` for what is wrong with sources or destination; `CannotPlan`; the signal's reason.
 * @see https://github.com/moby/buildkit/blob/v0.32.0/solver/llbsolver/file/backend.go
 */
export async function runFileActions(request: FileActionsRequest): Promise<void> {
  const { actions, files, inputs, signal, limits } = request;
  const pacer = new Pacer(signal);
  const roots = [files.root ?? [], ...inputs.map((input) => (input ? rootsOf(input) : []))].flat(2);
  for (const action of actions) {
    await describeSystemErrors(roots, async () => {
      const scope = { files, pacer, limits, wanted: wantedAttributes(action, request) };
      await runAction(action, scope, request);
    });
  }
}

async function runAction(action: FileAction, scope: ActionScope, { inputs, seen }: FileActionsRequest): Promise<void> {
  switch (action.kind) {
    case 'copy': {
      const tree = inputs[action.input];
      assert(tree !== undefined, `input ${action.input} of a copy is missing`);
      await copySource(action, { tree, seen: tree.kind === 'context' ? seen?.get(tree) : undefined }, scope);
      return;
    }
    case 'makeFile':
      makeFile(action, scope);
      return;
    case 'makeDirectory':
      makeDirectory(action, scope);
  }
}

function wantedAttributes(action: FileAction, request: FileActionsRequest): ActionScope['wanted'] {
  return {
    owner: ownerIds(action.owner, request.inputs),
    mode: action.kind === 'makeDirectory' ? undefined : readMode(action.mode),
    timeNs: action.timestamp === undefined ? undefined : BigInt(action.timestamp) * 1_000_000_000n,
  };
}

function ownerIds(owner: Owner | undefined, inputs: FileActionsRequest['inputs']): OwnerIds | undefined {
  return owner && lookUpOwner(owner, inputs[owner.input]);
}
