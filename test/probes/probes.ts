import type { Architecture } from '../../src/sandbox/native/program/syscall-numbers.ts';
import { deviceProbes } from './device-probes.ts';
import { kernelProbes } from './kernel-probes.ts';
import { mountProbes } from './mount-probes.ts';
import type { HostFacts, Probe } from './probe.ts';
import { processProbes } from './process-probes.ts';
import { scriptProbes } from './script-probes.ts';

/** All of them, each with a name of its own. */
export function probes(host: HostFacts, architecture: Architecture): readonly Probe[] {
  return [
    ...mountProbes(host),
    ...processProbes(host),
    ...kernelProbes(architecture),
    ...deviceProbes(host),
    ...scriptProbes,
  ];
}
