import type { ProbeProgram } from './probe-program.ts';

/** Something that a step tries. */
export type Probe = CallProbe | ScriptProbe;

/** A few system calls, made by a program that consists of nothing else. Verdict: the first error, or that there was none. */
export interface CallProbe {
  readonly kind: 'calls';
  readonly name: string;
  readonly make: (program: ProbeProgram) => void;
  /** The errors by which Docker's surroundings refuse it; none if they allow it. */
  readonly refusedBy: readonly string[];
}

/** A shell script. Verdict: what it prints. */
export interface ScriptProbe {
  readonly kind: 'script';
  readonly name: string;
  readonly script: string;
  readonly expected: string;
}

/** What the probes need to know of the host, which is there to be found by a step that gets out. */
export interface HostFacts {
  /** Absolute path of a file. */
  readonly file: string;
  /** Id of a process. */
  readonly processId: number;
  /** Of a server on the loopback address. */
  readonly port: number;
  /** Name of a unix socket that is in no directory. */
  readonly abstractSocket: string;
}

/** System calls that a step must not get through with; EPERM unless it is said. */
export function refused(
  name: string,
  make: (program: ProbeProgram) => void,
  refusedBy: readonly string[] = ['EPERM'],
): CallProbe {
  return { kind: 'calls', name, make, refusedBy };
}

/** What a container may do, and a step as well. */
export function allowed(name: string, make: (program: ProbeProgram) => void): CallProbe {
  return { kind: 'calls', name, make, refusedBy: [] };
}

/** What a step finds out, and should see there. */
export function shows(name: string, script: string, expected: string): ScriptProbe {
  return { kind: 'script', name, script, expected };
}
