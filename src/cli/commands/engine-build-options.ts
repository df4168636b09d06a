import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import type { BuildOptions, BuildOutput } from '../../engine/index.ts';
import type { BuildRequest } from '../request/build-request.ts';
import { standardInputBytes, standardInputStream } from '../standard-input.ts';
import type { Terminal } from '../terminal.ts';
import type { OutputRequest } from '../request/output-request.ts';

/** What a request means to the engine: paths absolute, defaults filled in. */
export function engineBuildOptions(request: BuildRequest, terminal: Terminal): Omit<BuildOptions, 'sink' | 'signal'> {
  const { store, context, file, namedContexts, buildArgs, labels, target, platforms, noCache, pull, network } = request;
  const { extraHosts, ulimits, shmSize, cgroupParent, entitlements, secrets, keepGoing, runtime } = request;
  return {
    ...{ store, context, file, namedContexts, buildArgs, labels, target, platforms, noCache, pull, network },
    ...{ extraHosts, ulimits, shmSize, cgroupParent, entitlements, secrets, keepGoing, runtime },
    limits: request.resources,
    agents: engineAgents(request),
    outputs: request.outputs.map(engineOutput),
    ...{ env: process.env, stdout: () => process.stdout },
    stdin: { bytes: (signal) => standardInputBytes(terminal, signal), stream: standardInputStream },
    jobs: request.jobs ?? Math.max(availableParallelism(), defaultJobs),
  };
}

/** Sockets of SSH agents by id, paths absolute. */
export function engineAgents({ agents }: BuildRequest): BuildOptions['agents'] {
  return new Map(Array.from(agents, ([id, [path = '']]) => [id, resolve(path)]));
}

/** Steps wait more than they compute. */
const defaultJobs = 8;

function engineOutput(output: OutputRequest): BuildOutput {
  if (output.kind === 'store') return output;
  return { ...output, destination: output.destination === '-' ? '-' : resolve(output.destination) };
}
