import type { SandboxProcess } from './sandbox-process.ts';

/** Where output goes, chunk by chunk as it comes, and what stops a step. */
export interface SandboxIo {
  readonly stdout: (chunk: Uint8Array) => void;
  readonly stderr: (chunk: Uint8Array) => void;
  /** Kills all processes of the step. */
  readonly signal?: AbortSignal;
}

/** How a program ended. */
export type SandboxResult = (
  | { readonly kind: 'exited'; readonly code: number }
  | {
      readonly kind: 'signaled';
      /** Such as `SIGKILL`. */
      readonly signal: NodeJS.Signals;
    }
) & {
  /** The limit that it met, if it failed for that: `out of memory (limit 64m)`. */
  readonly limitMet?: string;
};

/** Runs steps, any number at the same time. */
export interface Sandbox extends AsyncDisposable {
  /** Begins to make a network, if a step with it would have to wait for that. What goes wrong is told to the step. */
  begin(network: SandboxProcess['network']): void;
  /**
   * Runs a program in surroundings of its own and waits until it and all it has started are gone. If it is aborted, the result
   * is that of a program killed. A program that cannot be executed is one that says so and exits with 1, as with BuildKit.
   *
   * Throws KilnError `sandbox/...` for a user, a mount or a limit that cannot be.
   */
  run(process: SandboxProcess, io: SandboxIo): Promise<SandboxResult>;
  /** Returns when nothing is left of a sandbox that was disposed of: the kernel may take its time with what was killed. */
  left(): Promise<void>;
}
