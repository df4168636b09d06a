import { NativeSandbox } from './native/native-sandbox.ts';
import { OciSandbox } from './oci-runtime/oci-sandbox.ts';
import type { StepLimits } from './limits/step-limits.ts';
import type { Sandbox } from './sandbox.ts';

export interface CreateSandboxOptions {
  /** An empty directory, or a new one, to mount on. Other processes may use the same. */
  readonly directory: string;
  /** Name or path of an OCI runtime that is to run steps (`runc`, `crun`, ...); `native`, the default, is Kiln itself. */
  readonly runtime?: string;
  /** What each step may take. */
  readonly limits?: StepLimits;
}

/** A sandbox; nothing is loaded, started or mounted until it runs something. */
export function createSandbox({ directory, runtime = 'native', limits }: CreateSandboxOptions): Sandbox {
  return runtime === 'native'
    ? new NativeSandbox({ directory, limits })
    : new OciSandbox({ directory, runtime, limits });
}
