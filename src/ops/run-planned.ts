import { CannotPlan } from '../files/cannot-plan.ts';
import { describeSystemErrors } from '../files/describe-system-errors.ts';
import { PlannedFiles, type FilesBelow } from '../files/planned-files.ts';
import { runFileActions } from '../files/run-file-actions.ts';
import { rootsOf } from '../files/tree.ts';
import type { FileOp } from '../graph/file-op.ts';
import type { Vertex } from '../graph/vertex.ts';
import { FilesInStack } from './files-in-stack.ts';
import { looksUpOwners } from './looks-up-owners.ts';
import type { OpEnvironment } from './op-environment.ts';
import type { Result } from './result.ts';
import { treeOf } from './selection.ts';

/** A file operation whose files nobody looks at in this build. */
export interface PlannedWork {
  readonly op: FileOp;
  readonly vertex: Vertex;
  readonly inputs: readonly Result[];
  readonly signal: AbortSignal;
}

/** The layers of this process that were only planned: what comes on top of them can do without their directories. */
export type Plans = Map<string, Plan>;

interface Plan {
  readonly files: PlannedFiles;
  /** How many plans there are in a row. */
  readonly depth: number;
}

/** A search through more of them takes longer than to unpack them once. */
const deepest = 32;

/**
 * COPY, ADD and WORKDIR from where the files are straight into the blob of a layer; its directory is made when somebody wants
 * it. The chain of the layer is the answer; undefined if the files have to be made.
 */
export async function runPlanned(
  environment: OpEnvironment,
  plans: Plans,
  { op, vertex, inputs, signal }: PlannedWork,
): Promise<string | undefined> {
  const [base, ...sources] = inputs;
  if (base?.kind !== 'snapshot') return undefined;
  const { snapshots, seen, unpackLimits: limits } = environment;
  const { actions } = op;
  // The first of several may change who has which number.
  if (looksUpOwners(op) && actions.length > 1) return undefined;
  const since = snapshots.begin(base.chain, chainsOf(sources));
  const below = await belowOf(environment, plans, base.chain);
  const files = new PlannedFiles(below);
  const target = looksUpOwners(op) ? await treeOf(environment, base) : undefined;
  const trees = [target, ...(await Promise.all(sources.map((source) => treeOf(environment, source))))];
  try {
    await runFileActions({ actions, files, inputs: trees, seen, signal, limits });
  } catch (error) {
    if (error instanceof CannotPlan) return undefined;
    throw error;
  }
  const roots = trees.flatMap((tree) => (tree ? rootsOf(tree) : []));
  const blob = await describeSystemErrors(roots, () => environment.plannedLayer(files.entries(), signal, vertex));
  const chain = snapshots.addPlanned(base.chain, blob, since);
  plans.set(chain, { files, depth: below instanceof PlannedFiles ? (plans.get(base.chain)?.depth ?? 0) + 1 : 1 });
  return chain;
}

async function belowOf({ snapshots }: OpEnvironment, plans: Plans, chain: string): Promise<FilesBelow> {
  const plan = plans.get(chain);
  return plan && plan.depth < deepest ? plan.files : new FilesInStack(await snapshots.directories(chain));
}

function chainsOf(results: readonly Result[]): readonly string[] {
  return results.flatMap((result) => (result.kind === 'snapshot' ? [result.chain] : []));
}
