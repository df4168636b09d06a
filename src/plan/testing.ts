import { evaluateText, type TestOptions } from '../dockerfile/evaluate/testing.ts';
import type { Vertex } from '../graph/vertex.ts';
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
