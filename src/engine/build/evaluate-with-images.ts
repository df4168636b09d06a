import type { Source } from '../../diagnostic/source.ts';
import type { EvaluateOptions } from '../../dockerfile/evaluate/context.ts';
import type { TimeSource } from '../../dockerfile/evaluate/time-source.ts';
import type { Origin } from '../../dockerfile/instructions/command.ts';
import { lintDockerfile, readDockerfile, type LintResult } from '../../dockerfile/lint/lint.ts';
import { formatPlatformAll, type Platform } from '../../spec/platform.ts';
import type { BaseImage } from './base-image.ts';

/** Finds the time of a source: seconds since 1970. */
export type FindTime = (source: TimeSource) => Promise<number | undefined>;

/** Finds images. */
export interface FindImages {
  /** @param origin the instruction that names it */
  readonly find: (reference: string, platform: Platform, origin: Origin) => Promise<BaseImage>;
  /** One that is at hand; undefined if it has to be looked for. */
  readonly findNow: (reference: string, platform: Platform) => BaseImage | undefined;
}

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
 * Evaluates a Dockerfile, finds the images and times that it asks for, and evaluates it again, until there is nothing left to ask for:
 * the triggers of one image may name another. Mostly they are all at hand. Images that no stage of the target needs are not asked for.
 */
export async function evaluateWithImages(
  source: Source,
  options: Omit<EvaluateOptions, 'listen' | 'baseImage' | 'timeOf'>,
  { images: { find, findNow }, findTime }: { readonly images: FindImages; readonly findTime: FindTime },
): Promise<EvaluatedFile> {
  const file = readDockerfile(source);
  const known = new Map<string, BaseImage>();
  const times = new Map<string, number | undefined>();
  for (;;) {
    const wanted = new Map<string, Wanted>();
    const wantedTimes: TimeSource[] = [];
    const evaluateOptions: Omit<EvaluateOptions, 'listen'> = {
      ...options,
      baseImage: (reference, platform, origin) => {
        const key = keyOf(reference, formatPlatformAll(platform));
        // Times that are still to be found may be in its name.
        const image = known.get(key) ?? (wantedTimes.length === 0 ? findNow(reference, platform) : undefined);
        if (image) known.set(key, image);
        else wanted.set(key, { reference, platform, origin });
        return image?.image;
      },
      timeOf: (source) => {
        if (!times.has(JSON.stringify(source))) wantedTimes.push(source);
        return times.get(JSON.stringify(source));
      },
    };
    const lint = lintDockerfile(source, evaluateOptions, file);
    // First, since it may be in the name of an image.
    for (const source of wantedTimes) times.set(JSON.stringify(source), await findTime(source));
    if (wantedTimes.length > 0) continue;
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
