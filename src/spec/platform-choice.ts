import { formatPlatformAll, normalizePlatform } from './platform.ts';
import type { Platform } from './platform.ts';

/**
 * What runs on a platform, the best first: older variants and 32-bit processors of its family follow.
 *
 * @see https://pkg.go.dev/github.com/containerd/platforms#Only
 */
export function runnablePlatforms(platform: Platform): readonly Platform[] {
  const wanted = normalizePlatform(platform, platform);
  switch (wanted.architecture) {
    case 'amd64':
      return [...amd64(wanted), withProcessor(wanted, '386')];
    case 'arm':
      return arm(wanted, wanted.variant ?? '');
    case 'arm64':
      return [...arm64(wanted), ...arm(wanted, 'v8')];
    default:
      return [wanted];
  }
}

/**
 * The candidate that runs best on a platform, the first of equals; undefined if none does.
 *
 * Attestations say that they are for `unknown/unknown`, and so are never chosen.
 */
export function choosePlatform<Candidate extends { readonly platform?: Platform }>(
  candidates: readonly Candidate[],
  platform: Platform,
): Candidate | undefined {
  for (const runnable of runnablePlatforms(platform)) {
    const matching = candidates.filter((candidate) => candidate.platform && matches(candidate.platform, runnable));
    const [first] = matching.sort((a, b) => featureCount(b) - featureCount(a));
    if (first) return first;
  }
  return undefined;
}

/** Whether an image of a platform runs on another. */
export function runsOn(image: Platform, platform: Platform): boolean {
  return runnablePlatforms(platform).some((runnable) => matches(image, runnable));
}

/** Version and features count only for Windows, as in containerd; on Linux, features that are asked for must be there. */
function matches(candidate: Platform, wanted: Platform): boolean {
  const { os, architecture, variant, osFeatures = [] } = normalizePlatform(candidate, wanted);
  if (os !== wanted.os || architecture !== wanted.architecture || (variant ?? '') !== (wanted.variant ?? '')) {
    return false;
  }
  return osFeatures.every((feature) => wanted.osFeatures?.includes(feature));
}

function featureCount({ platform }: { readonly platform?: Platform }): number {
  return platform?.osFeatures?.length ?? 0;
}

function amd64(platform: Platform): readonly Platform[] {
  const version = Number(/^v(\d+)$/.exec(platform.variant ?? '')?.[1] ?? 1);
  const older = Array.from({ length: Math.max(version - 1, 0) }, (_, index) => version - 1 - index);
  return [platform, ...older.map((number) => withProcessor(platform, 'amd64', number === 1 ? '' : `v${number}`))];
}

function arm(platform: Platform, variant: string): readonly Platform[] {
  const version = Number(/^v(\d+)$/.exec(variant)?.[1] ?? 0);
  const older = Array.from({ length: Math.max(version - 5, 0) }, (_, index) => `v${version - 1 - index}`);
  return [variant, ...older].map((name) => withProcessor(platform, 'arm', name));
}

/** Version 9.x has all of 8.(x + 5). */
function arm64(platform: Platform): readonly Platform[] {
  const match = /^v([89])(?:\.(\d))?$/.exec(platform.variant ?? 'v8');
  if (!match) return [];
  const minor = Number(match[2] ?? 0);
  const nine = match[1] === '9' ? descending(minor).map((number) => `v9.${number}`) : [];
  const eight = descending(match[1] === '9' ? Math.min(minor + 5, 9) : minor).map((number) => `v8.${number}`);
  return [...nine, ...eight].map((name) =>
    normalizePlatform(withProcessor(platform, 'arm64', name.replace('.0', '')), platform),
  );
}

function descending(from: number): readonly number[] {
  return Array.from({ length: from + 1 }, (_, index) => from - index);
}

function withProcessor(platform: Platform, architecture: string, variant = ''): Platform {
  const { os, osVersion, osFeatures } = platform;
  return {
    os,
    architecture,
    ...(variant !== '' && { variant }),
    ...(osVersion !== undefined && { osVersion }),
    ...(osFeatures && { osFeatures }),
  };
}

/** Platforms as a text for an error message. */
export function listPlatforms(candidates: readonly { readonly platform?: Platform }[]): string {
  const names = candidates.flatMap(({ platform }) => (platform ? [formatPlatformAll(platform)] : []));
  return [...new Set(names)].filter((name) => !name.startsWith('unknown')).join(', ');
}
