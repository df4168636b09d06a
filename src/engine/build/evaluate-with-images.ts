import type { Source } from '../../diagnostic/source.ts';
import type { EvaluateOptions } from '../../dockerfile/evaluate/context.ts';
import type { Origin } from '../../dockerfile/instructions/command.ts';
import { lintDockerfile, type LintResult } from '../../dockerfile/lint/lint.ts';
import { formatPlatformAll, type Platform } from '../../spec/platform.ts';
import type { BaseImage } from './base-image.ts';

/** Finds an image; `origin` is the instruction that names it. */
export type FindImage = (reference: string, platform: Platform, origin: Origin) => Promise<BaseImage>;

/** A Dockerfile evaluated with the images it needs. */
export interface EvaluatedFile {
  readonly lint: LintResult;
  /** The image of a reference and platform (as formatPlatformAll writes it). */
  readonly image: (reference: string, platform: string) => BaseImage | undefined;
}

interface Wanted {
  readonly reference: string;
  readonly platform: Platform;
  readonly origin: Origin;
}

/**
 * Evaluates a Dockerfile, finds the images that it asks for, and evaluates it again, until there is nothing left to ask for:
 * the triggers of one image may name another. Images that no stage of the target needs are not asked for.
 */
export async function evaluateWithImages(
  source: Source,
  options: Omit<EvaluateOptions, 'listen' | 'baseImage'>,
  find: FindImage,
): Promise<EvaluatedFile> {
  const known = new Map<string, BaseImage>();
  for (;;) {
    const wanted = new Map<string, Wanted>();
    const lint = lintDockerfile(source, {
      ...options,
      baseImage: (reference, platform, origin) => {
        const key = keyOf(reference, formatPlatformAll(platform));
        const image = known.get(key);
        if (!image) wanted.set(key, { reference, platform, origin });
        return image?.image;
      },
    });
    if (wanted.size === 0) {
      return { lint, image: (reference, platform) => known.get(keyOf(reference, platform)) };
    }
    const found = await Promise.all(
      Array.from(wanted, async ([key, { reference, platform, origin }]) => {
        return [key, await find(reference, platform, origin)] as const;
      }),
    );
    for (const [key, image] of found) known.set(key, image);
  }
}

function keyOf(reference: string, platform: string): string {
  return `${platform} ${reference}`;
}
