import { NativeSandbox } from './native/native-sandbox.ts';
import { OciSandbox } from './oci-runtime/oci-sandbox.ts';
import type { StepLimits } from './limits/step-limits.ts';
import type { SandboxNetwork } from './network/step-network.ts';
import type { Sandbox } from './sandbox.ts';

export interface CreateSandboxOptions {
  /** An empty directory, or a new one, to mount on. Other processes may use the same. */
  readonly directory: string;
  /** Name or path of an OCI runtime that is to run steps (`runc`, `crun`, ...); `native`, the default, is Kiln itself. */
  readonly runtime?: string;
  /** What each step may take. */
  readonly limits?: StepLimits;
  /** What the network `default` is: that of the host if this is not given. */
  readonly network?: SandboxNetwork;
}

const networkOfHost: SandboxNetwork = { choice: 'host', searchPath: '' };

/** A sandbox; nothing is loaded, started or mounted until it runs something. */
export function createSandbox(options: CreateSandboxOptions): Sandbox {
  const { directory, runtime = 'native', limits, network = networkOfHost } = options;
  return runtime === 'native'
    ? new NativeSandbox({ directory, limits, network })
    : new OciSandbox({ directory, runtime, limits, network });
}
