import { NativeSandbox } from './native/native-sandbox.ts';
import type { Sandbox } from './sandbox.ts';

export interface CreateSandboxOptions {
  /** An empty directory, or a new one, to mount on. Other processes may use the same. */
  readonly directory: string;
}

/** A sandbox; nothing is loaded, started or mounted until it runs something. */
export function createSandbox({ directory }: CreateSandboxOptions): Sandbox {
  return new NativeSandbox({ directory });
}
