import { evaluateText, type TestOptions } from '../dockerfile/evaluate/testing.ts';
import type { Op } from '../graph/op.ts';
import { inputsFirst, type Vertex } from '../graph/vertex.ts';
import type { PlanOptions } from './plan-options.ts';
import { planStage } from './plan.ts';

/*
 * For tests. Every image is there, with a manifest and layers that its name decides.
 */

export interface TestPlanOptions extends TestOptions {
  readonly plan?: Partial<PlanOptions>;
}

/** Options of a plan in which nothing is special. */
export function planOptions(options: Partial<PlanOptions> = {}): PlanOptions {
  return {
    image: ({ reference }, platform) => ({
      reference,
      manifest: `sha256:${'ab'.repeat(32)}`,
      chain: `chain of ${reference} for ${platform}`,
    }),
    remote: () => undefined,
    excludes: () => [],
    ignoresCache: () => false,
    network: 'default',
    hiddenEnv: [],
    hostname: '',
    extraHosts: [],
    ulimits: [],
    shmSize: 0,
    cgroupParent: '',
    cacheNamespace: '',
    timestamp: undefined,
    ...options,
  };
}

/** The graph of a text, which must be one that can be built. */
export function planText(text: string, { plan, ...options }: TestPlanOptions = {}): Vertex {
  const { target, problems } = evaluateText(text, options);
  if (!target) throw new Error(problems.map(({ message }) => message).join('\n'));
  return planStage(target, planOptions(plan));
}

/** A line for each vertex of the graph of a text: number, what it does, and numbers of its inputs; members that are as usual left out. */
export function graphOf(text: string, options?: TestPlanOptions): readonly string[] {
  const order = inputsFirst([planText(text, options)]);
  const numbers = new Map(order.map((vertex, index) => [vertex, index + 1]));
  return order.map(({ op, inputs }, index) => {
    const from = inputs.map((input) => numbers.get(input)).join(',');
    return `${index + 1} ${describeOp(op)}${from === '' ? '' : ` <- ${from}`}`;
  });
}

function describeOp(op: Op): string {
  switch (op.kind) {
    case 'image':
      return `image ${op.reference}`;
    case 'local':
      return `local ${op.name}${op.excludes.map((pattern) => ` !${pattern}`).join('')}`;
    case 'exec': {
      const { args, mounts, env, ...rest } = op;
      const isUsual = args[0] === '/bin/sh' && args[1] === '-c';
      const variables = env.filter((entry) => !entry.startsWith('PATH='));
      const more = [{ ...rest, ...(variables.length > 0 && { env: variables }) }, ...mounts]
        .map(unusual)
        .filter(Boolean);
      return ['exec', isUsual ? args.slice(2).join(' ') : JSON.stringify(args), ...more].join(' ');
    }
    case 'file':
      return `file ${op.actions.map(unusual).join(' ')}`;
    default:
      return unusual(op);
  }
}

const usual: Readonly<Record<string, unknown>> = {
  ...{ cwd: '/', user: '', network: 'default', security: 'sandbox', hostname: '', shmSize: 0, cgroupParent: '' },
  ...{ mode: '', parents: false, unpack: 'never', wildcards: true, replace: false, uid: 0, gid: 0, required: false },
  ...{ selector: '/', checksum: '', ref: '', subdir: '', keepGitDir: false, skipSubmodules: false, size: 0 },
  ...{ mtime: 'checkout', fetchByCommit: false },
};

/** `kind(member=value ...)`, without what is as usual. */
function unusual(value: { readonly kind: string }): string {
  const members = Object.entries(value).flatMap(([name, part]: readonly [string, unknown]) => {
    const isEmpty = part === undefined || (Array.isArray(part) && part.length === 0);
    return name === 'kind' || isEmpty || part === usual[name] ? [] : [`${name}=${shown(name, part)}`];
  });
  if (value.kind === 'exec' && members.length === 0) return '';
  return members.length === 0 ? value.kind : `${value.kind}(${members.join(' ')})`;
}

function shown(name: string, value: unknown): string {
  if (name === 'mode' && typeof value === 'number') return value.toString(8);
  return typeof value === 'string' && /^[^\s"]+$/.test(value) ? value : JSON.stringify(value);
}
