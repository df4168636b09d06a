/** Runs a program. Input 0 is its root file system; the result is what has become of that. */
export interface ExecOp {
  readonly kind: 'exec';
  readonly args: readonly string[];
  /** `NAME=value`, in the order in which they were set. */
  readonly env: readonly string[];
  readonly cwd: string;
  /** As USER has it; empty for root. */
  readonly user: string;
  readonly network: 'default' | 'none' | 'host';
  readonly security: 'sandbox' | 'insecure';
  readonly mounts: readonly ExecMount[];
  /** Empty for the default. */
  readonly hostname: string;
  readonly extraHosts: readonly ExtraHost[];
  readonly ulimits: readonly Ulimit[];
  /** Bytes; 0 for the default. */
  readonly shmSize: number;
  readonly cgroupParent: string;
  readonly devices: readonly string[];
}

export interface ExtraHost {
  readonly host: string;
  readonly ip: string;
}

export interface Ulimit {
  readonly name: string;
  readonly soft: number;
  readonly hard: number;
}

/** Targets are absolute and clean. */
export type ExecMount = BindMount | CacheMount | TmpfsMount | SecretMount | SshMount | InlineMount;

/** Something of another result. What is written to it is gone after the step. */
export interface BindMount {
  readonly kind: 'bind';
  readonly target: string;
  /** Index into the inputs of the vertex. */
  readonly input: number;
  /** Path in that input. */
  readonly selector: string;
  readonly readOnly: boolean;
}

/** A directory that stays from one build to the next, outside of layers. */
export interface CacheMount {
  readonly kind: 'cache';
  readonly target: string;
  readonly id: string;
  readonly sharing: 'shared' | 'private' | 'locked';
  readonly readOnly: boolean;
  readonly mode: number | undefined;
  readonly uid: number;
  readonly gid: number;
  /** Index into the inputs: what it begins with. Absent: nothing. */
  readonly input: number | undefined;
  readonly selector: string;
}

export interface TmpfsMount {
  readonly kind: 'tmpfs';
  readonly target: string;
  /** Bytes; 0 for no limit. */
  readonly size: number;
}

export interface SecretMount {
  readonly kind: 'secret';
  readonly id: string;
  /** Absent if the secret is only a variable. */
  readonly target: string | undefined;
  /** Variable that gets it. */
  readonly env: string | undefined;
  readonly required: boolean;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

export interface SshMount {
  readonly kind: 'ssh';
  readonly id: string;
  readonly target: string;
  readonly required: boolean;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

/** A heredoc that is run as a script. */
export interface InlineMount {
  readonly kind: 'inline';
  readonly target: string;
  readonly content: string;
  readonly mode: number;
}
