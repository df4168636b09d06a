import type { ProgressKind } from '../progress/progress-kind.ts';
import type { OutputRequest } from './output-request.ts';

/** What `kiln build` is asked to do. Paths are as given, relative to the working directory, unless said otherwise. */
export interface BuildRequest {
  /** Build context: a directory, a URL, or `-` for standard input. */
  readonly context: string;
  /** The Dockerfile, `-` for standard input; absent for that of the context. */
  readonly file: string | undefined;
  readonly target: string | undefined;
  /** `os/architecture[/variant]`, each valid, or `local`; empty for that of this machine. */
  readonly platforms: readonly string[];
  /** SOURCE_DATE_EPOCH of the environment is among them. */
  readonly buildArgs: ReadonlyMap<string, string>;
  readonly labels: ReadonlyMap<string, string>;
  /** Full names with tags: `docker.io/library/app:latest`. */
  readonly tags: readonly string[];
  /** At least one, unless nothing but `type=cacheonly` is wanted. */
  readonly outputs: readonly OutputRequest[];
  /** By names without `:latest`: a directory, a URL, `docker-image://...`, `oci-layout://...`, `target:...`. */
  readonly namedContexts: ReadonlyMap<string, string>;
  /** Of one id, the last counts. */
  readonly secrets: readonly SecretRequest[];
  /** Paths of sockets or keys, at least one, by id. */
  readonly agents: ReadonlyMap<string, readonly string[]>;
  /** Run everything anew, or the steps of some stages. */
  readonly noCache: boolean | readonly string[];
  readonly pull: boolean;
  readonly network: NetworkMode;
  readonly extraHosts: readonly ExtraHostRequest[];
  readonly ulimits: readonly UlimitRequest[];
  /** Bytes; 0 for the default. */
  readonly shmSize: number;
  /** Empty for the default. */
  readonly cgroupParent: string;
  readonly resources: ResourceLimits;
  /** `network.host`, `security.insecure`, `device`, `device=...`. */
  readonly entitlements: ReadonlySet<string>;
  readonly imageIdFile: string | undefined;
  readonly metadataFile: string | undefined;
  readonly progress: ProgressKind;
  readonly debug: boolean;
  /** How many steps run at a time; undefined for the default. */
  readonly jobs: number | undefined;
  readonly keepGoing: boolean;
  /** An OCI runtime, such as `runc`; absent for Kiln's own. */
  readonly runtime: string | undefined;
  /** Absolute path of the store. */
  readonly store: string;
  /** Flags, and options of flags, that change nothing in this version: `--push`, `--output push`. */
  readonly notActedOn: readonly string[];
}

export type NetworkMode = 'default' | 'none' | 'host';

/** `--secret`: a file, or a variable of this process. Whether it is there is seen when it is needed. */
export interface SecretRequest {
  readonly id: string;
  readonly source: { readonly kind: 'file'; readonly path: string } | { readonly kind: 'env'; readonly name: string };
}

/** `--add-host`; the address `host-gateway` stands for that of this machine. */
export interface ExtraHostRequest {
  readonly host: string;
  readonly ip: string;
}

/** `--ulimit`; -1 is no limit. */
export interface UlimitRequest {
  readonly name: string;
  readonly soft: number;
  readonly hard: number;
}

/** `--resource`, or flags of their own; sizes are bytes, times microseconds. What is absent is not limited. */
export interface ResourceLimits {
  readonly memory?: number;
  /** Memory and swap together; -1 is no limit. */
  readonly memorySwap?: number;
  readonly cpuShares?: number;
  readonly cpuPeriod?: number;
  readonly cpuQuota?: number;
  readonly cpusetCpus?: string;
  readonly cpusetMems?: string;
  /** Processes and threads at a time; -1 is no limit. */
  readonly pidsLimit?: number;
}
