/** What a step runs, and in which surroundings. All paths on the left of a mount are host paths; targets are in the root. */
export interface SandboxProcess {
  /** The program, looked up in PATH of `env` inside the root, and its arguments. */
  readonly args: readonly string[];
  /** `NAME=value`; PATH and HOME are added if they are missing. */
  readonly env: readonly string[];
  /** Absolute; made if it is missing, owned by the user. */
  readonly cwd: string;
  /** Empty, `user` or `user:group`, each by name or number, as the root's /etc/passwd and /etc/group have them. */
  readonly user: string;
  /** `buildkitsandbox` if it is not given. */
  readonly hostname?: string;
  readonly extraHosts: readonly ExtraHost[];
  /** `none` has a loopback device only; what `default` is, the sandbox decides: that of the host, or one of the steps. */
  readonly network: 'default' | 'none' | 'host';
  /** `insecure`: all capabilities, no filter of system calls, nothing masked. */
  readonly security: 'sandbox' | 'insecure';
  /** Bytes of /dev/shm; 64 MiB if it is not given. */
  readonly shmSize?: number;
  readonly ulimits: readonly Ulimit[];
  /** Path of a control group from the root of their hierarchy, in which that of the step is made. */
  readonly cgroupParent?: string;
  readonly root: RootFileSystem;
  /** In the order in which they are mounted. */
  readonly mounts: readonly SandboxMount[];
}

/** A line of /etc/hosts. The address `host-gateway` is that of this machine. */
export interface ExtraHost {
  readonly host: string;
  readonly ip: string;
}

/** A resource limit by its name without RLIMIT_, in lower case: `nofile`. -1 is no limit. */
export interface Ulimit {
  readonly name: string;
  readonly soft: number;
  readonly hard: number;
}

/** The root of a step: an overlay; without `lowers`, the directory `upper` itself. */
export interface RootFileSystem {
  /** Bottom first. */
  readonly lowers: readonly string[];
  readonly upper: string;
  readonly work: string;
  /** A directory that is the root as it is, instead of an overlay of the others. */
  readonly merged?: string;
  readonly readonly?: boolean;
}

/** Something that a step sees at a path. What is missing of the path is made, and gone again after the step. */
export type SandboxMount = BindMount | OverlayMount | TmpfsMount | FileMount | SocketMount;

/** A file or directory of the host. */
export interface BindMount {
  readonly kind: 'bind';
  /** No symlink. */
  readonly source: string;
  readonly target: string;
  readonly readonly: boolean;
}

/** A directory, or a file, that can be written to without being changed. */
export interface OverlayMount {
  readonly kind: 'overlay';
  /** Bottom first. A file is copied to `upper`. */
  readonly lowers: readonly string[];
  readonly upper: string;
  readonly work: string;
  readonly target: string;
  /** What of it is mounted; all if it is not given. Symlinks stay inside. */
  readonly selector?: string;
}

/** An empty directory in memory, for everybody to write to. */
export interface TmpfsMount {
  readonly kind: 'tmpfs';
  readonly target: string;
  /** Bytes; half of the memory of the machine if it is not given. */
  readonly size?: number;
}

/** A file that is never on a disk. It cannot be written to. */
export interface FileMount {
  readonly kind: 'file';
  readonly content: Uint8Array;
  readonly target: string;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

/** A socket that leads to one of the host, with an owner and a mode of its own. */
export interface SocketMount {
  readonly kind: 'socket';
  readonly source: string;
  readonly target: string;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}
