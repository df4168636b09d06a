import type { ExecOp } from './exec-op.ts';
import type { FileOp } from './file-op.ts';
import type { GitOp, HttpOp, ImageOp, LocalOp, ScratchOp } from './source-op.ts';

/** Puts the layers of its second and later inputs on top of its first. */
export interface MergeOp {
  readonly kind: 'merge';
}

/**
 * What a vertex does, as plain data that is frozen by agreement. All of it enters the digest of the vertex.
 *
 * @see https://github.com/moby/buildkit/blob/v0.32.0/solver/pb/ops.proto
 */
export type Op = ScratchOp | ImageOp | LocalOp | HttpOp | GitOp | ExecOp | FileOp | MergeOp;

export type OpOf<Kind extends Op['kind']> = Extract<Op, { kind: Kind }>;
