import { DiskFiles } from '../files/disk-files.ts';
import { runFileActions } from '../files/run-file-actions.ts';
import type { Tree } from '../files/tree.ts';
import type { FileOp } from '../graph/file-op.ts';
import type { OpEnvironment } from './op-environment.ts';
import type { Result } from './result.ts';
import { treeOf } from './selection.ts';
import type { StepRoot } from './step-root.ts';

/** COPY, ADD, WORKDIR: changes the files of a step's root. */
export async function runFile(
  environment: OpEnvironment,
  { actions }: FileOp,
  {
    inputs,
    root,
    signal,
  }: { readonly inputs: readonly Result[]; readonly root: StepRoot; readonly signal: AbortSignal },
): Promise<void> {
  await root.withMounted(async (path) => {
    const changed = Promise.resolve<Tree>({ root: path, kind: 'snapshot' });
    const trees = await Promise.all(inputs.map((input, index) => (index === 0 ? changed : treeOf(environment, input))));
    const { seen, unpackLimits: limits } = environment;
    await runFileActions({ actions, files: new DiskFiles(path), inputs: trees, seen, signal, limits });
  });
}
