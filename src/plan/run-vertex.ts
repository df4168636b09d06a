import type { RunStep } from '../dockerfile/evaluate/stage-state.ts';
import type { Mount } from '../dockerfile/instructions/mount.ts';
import type { ExecMount } from '../graph/exec-op.ts';
import type { Vertex } from '../graph/vertex.ts';
import { cleanPath } from '../spec/slash-path.ts';
import type { Planner, StepPlan } from './planner.ts';

/** RUN. */
export function runVertex(planner: Planner, { step, base, options }: StepPlan<RunStep>): Vertex {
  const { network, hostname, extraHosts, ulimits, shmSize, cgroupParent } = planner.options;
  const { command, args, script, workdir, user } = step;
  const inputs = [base];
  const mounts: ExecMount[] = step.mounts.map((mount, index) => execMount(planner, { step, mount, index, inputs }));
  if (script) mounts.push({ kind: 'inline', target: script.path, content: script.content, mode: 0o755 });
  const agent = mounts.find(({ kind }) => kind === 'ssh');
  const hasAgent = step.env.some((entry) => entry.startsWith('SSH_AUTH_SOCK='));
  const env = agent && !hasAgent ? [...step.env, `SSH_AUTH_SOCK=${agent.target ?? ''}`] : step.env;
  return planner.vertices.make(
    {
      ...{ kind: 'exec', args, env, cwd: workdir === '' ? '/' : workdir, user, mounts },
      network: command.flagsUsed.includes('network') ? command.network : network,
      security: command.security,
      ...{ hostname, extraHosts, ulimits, shmSize, cgroupParent },
      devices: command.devices.map((device) => JSON.stringify(device)),
    },
    inputs,
    options,
  );
}

interface Place {
  readonly step: RunStep;
  readonly mount: Mount;
  readonly index: number;
  /** Grows by what is mounted. */
  readonly inputs: Vertex[];
}

function execMount(planner: Planner, place: Place): ExecMount {
  const { step, mount } = place;
  const target = cleanPath(mount.target.startsWith('/') ? mount.target : `/${step.workdir}/${mount.target}`);
  switch (mount.type) {
    case 'bind':
      return {
        ...{ kind: 'bind', target, input: inputOf(planner, place), selector: cleanPath(`/${mount.source}`) },
        readOnly: mount.readOnly,
      };
    case 'cache':
      return cacheMount(planner, place, target);
    case 'tmpfs':
      return { kind: 'tmpfs', target, size: mount.size };
    case 'secret':
      return secretMount(mount, target);
    case 'ssh':
      return sshMount(place, target);
  }
}

function cacheMount(planner: Planner, place: Place, target: string): ExecMount {
  const { mount } = place;
  const { readOnly, sharing, mode, uid = 0, gid = 0 } = mount;
  const id = `${planner.options.cacheNamespace}/${mount.id === '' ? cleanPath(mount.target) : mount.id}`;
  return {
    ...{ kind: 'cache', target, id, sharing: sharing ?? 'shared', readOnly, mode, uid, gid },
    input: mount.from === '' ? undefined : inputOf(planner, place),
    selector: cleanPath(`/${mount.source}`),
  };
}

function secretMount({ id, source, target, env, required, mode, uid = 0, gid = 0 }: Mount, path: string): ExecMount {
  const name = source || id || (target.split('/').findLast((part) => part !== '') ?? '');
  const isFile = env === undefined || target !== '';
  const place = target === '' ? `/run/secrets/${name.split('/').at(-1) ?? name}` : path;
  return {
    ...{ kind: 'secret', id: name, target: isFile ? place : undefined, env, required },
    ...{ mode: mode ?? 0o400, uid, gid },
  };
}

function sshMount(
  { step, index, mount: { id, target, required, mode, uid = 0, gid = 0 } }: Place,
  path: string,
): ExecMount {
  const count = step.mounts.slice(0, index).filter(({ type }) => type === 'ssh').length;
  const place = target === '' ? `/run/buildkit/ssh_agent.${count}` : path;
  return { kind: 'ssh', id: id || 'default', target: place, required, mode: mode ?? 0o600, uid, gid };
}

function inputOf({ stage, local }: Planner, { step, mount, index, inputs }: Place): number {
  const source = step.sources[index];
  const vertex = mount.from === '' || !source ? local('context') : stage(source);
  const known = inputs.indexOf(vertex, 1);
  return known > 0 ? known : inputs.push(vertex) - 1;
}
