import type { Evaluation } from '../../dockerfile/evaluate/evaluate.ts';
import type { Dockerfile } from '../../dockerfile/instructions/parse-stages.ts';
import type { Warning } from '../../dockerfile/lint/linter.ts';
import type { Problem } from '../../dockerfile/problem.ts';
import { assert } from '../../diagnostic/assert.ts';
import type { Vertex } from '../../graph/vertex.ts';
import { planStage } from '../../plan/plan.ts';
import type { Image } from '../../spec/image-config.ts';
import type { Platform } from '../../spec/platform.ts';
import { readPlatform } from '../check.ts';
import { hostPlatform } from '../host-platform.ts';
import type { BuildOptions } from './build-options.ts';
import type { BuildSession } from './build-session.ts';
import { evaluateWithImages, type EvaluatedFile } from './evaluate-with-images.ts';
import { proxyEnv } from './proxy-env.ts';

/** An image that is planned: its layers are those of a vertex. */
export interface PlannedImage {
  readonly platform: Platform;
  readonly image: Image;
  readonly vertex: Vertex;
  /** Seconds since 1970. */
  readonly epoch: number | undefined;
}

/** A plan for each platform; or what is wrong with the Dockerfile. */
export type Planned =
  | { readonly images: readonly PlannedImage[]; readonly warnings: readonly Warning[] }
  | { readonly problems: readonly Problem[]; readonly file: Dockerfile };

export async function planImages(session: BuildSession, options: BuildOptions): Promise<Planned> {
  const host = hostPlatform();
  const platforms = options.platforms.length === 0 ? [host] : options.platforms.map((text) => readPlatform(text, host));
  const images: PlannedImage[] = [];
  let warnings: readonly Warning[] | undefined;
  for (const platform of platforms) {
    const file = await evaluateWithImages(
      session.input.dockerfile.source,
      {
        ...{ buildArgs: options.buildArgs, target: options.target, allStages: false, buildPlatform: host },
        ...{ targetPlatform: platform, keepSteps: true, ignore: session.input.dockerfile.ignore },
        namedContext: session.contexts.named,
      },
      { images: session.images, findTime: session.timeOf },
    );
    const { problems, evaluation, file: dockerfile } = file.lint;
    if (problems.length > 0 || !evaluation?.image) return { problems, file: dockerfile };
    warnings ??= file.lint.warnings;
    images.push(planImage(session, { options, file, evaluation, platform }));
  }
  return { images, warnings: warnings ?? [] };
}

interface PlanWork {
  readonly options: BuildOptions;
  readonly file: EvaluatedFile;
  readonly evaluation: Evaluation;
  readonly platform: Platform;
}

function planImage(session: BuildSession, { options, file, evaluation, platform }: PlanWork): PlannedImage {
  const { target, image, sourceDateEpoch: epoch } = evaluation;
  assert(target !== undefined && image !== undefined, 'a Dockerfile without problems has a target');
  const { network, extraHosts, ulimits, shmSize, cgroupParent, buildArgs, noCache } = options;
  const vertex = planStage(target, {
    image: ({ reference }, wanted) => {
      const base = file.image(reference, wanted);
      assert(base !== undefined, `image ${reference} was found`);
      const chain = session.snapshots.addImage(base.layers);
      return { reference, manifest: base.manifest, chain };
    },
    excludes: session.contexts.excludes,
    remote: session.contexts.remote,
    ignoresCache: (stage) => (typeof noCache === 'boolean' ? noCache : noCache.includes(stage)),
    hostname: buildArgs.get('BUILDKIT_SANDBOX_HOSTNAME') ?? '',
    cacheNamespace: buildArgs.get('BUILDKIT_CACHE_MOUNT_NS') ?? '',
    ...{ network, extraHosts, ulimits, shmSize, cgroupParent, hiddenEnv: proxyEnv(buildArgs), timestamp: epoch },
  });
  return { platform: { ...platform, ...variantOf(image) }, image, vertex, epoch };
}

function variantOf({ os, architecture, variant }: Image): Platform {
  return { os, architecture, ...(variant !== undefined && { variant }) };
}
