import type { ControlGroupDirectory } from '../../control-group.ts';
import type { PlannedNetwork } from '../../network/planned-network.ts';
import type { ResolvedUser } from '../../user.ts';
import type { Host } from '../host.ts';

/** A step with everything decided: what its program is made from. */
export interface StepPlan {
  readonly host: Host;
  /** Host path of the root. */
  readonly root: string;
  readonly isReadonlyRoot: boolean;
  readonly hostname: string;
  readonly network: PlannedNetwork;
  readonly isInsecure: boolean;
  /** Bytes. */
  readonly shmSize: number;
  readonly limits: readonly ResourceLimit[];
  readonly mounts: readonly PlannedMount[];
  readonly user: ResolvedUser;
  /** Whether there is no such user or group in the user namespace that Kiln runs in. */
  readonly isForeignUser: boolean;
  readonly args: readonly string[];
  readonly env: readonly string[];
  readonly cwd: string;
  /** Whether it is inside of a mount. */
  readonly isCwdNested: boolean;
  /** For the step to enter. */
  readonly controlGroups: readonly ControlGroupDirectory[];
  /** Those that there are. */
  readonly maskedPaths: readonly MaskedPath[];
  readonly readonlyPaths: readonly string[];
}

/** For prlimit(2). -1 is no limit. */
export interface ResourceLimit {
  readonly number: number;
  readonly name: string;
  readonly soft: number;
  readonly hard: number;
}

export interface MaskedPath {
  readonly path: string;
  readonly isDirectory: boolean;
}

interface Target {
  /** Inside the root. */
  readonly target: string;
  /** Whether it is inside of another mount, where what is missing of the path can only be made then. */
  readonly isNested: boolean;
}

/** A mount whose source is there. */
export type PlannedMount =
  | (Target & {
      readonly kind: 'bind';
      readonly source: string;
      readonly isDirectory: boolean;
      readonly isReadonly: boolean;
    })
  | (Target & { readonly kind: 'tmpfs'; readonly size: number | undefined })
  | (Target & {
      readonly kind: 'file';
      readonly content: Uint8Array;
      readonly mode: number;
      readonly uid: number;
      readonly gid: number;
    });
