import { resolve } from 'node:path';
import { importLayoutImage } from '../../content/load-layout.ts';
import { resolveTarget, type ResolvedImage } from '../../content/resolve-image.ts';
import type { ContentStore } from '../../content/store.ts';
import { KilnError } from '../../diagnostic/kiln-error.ts';
import { formatPlatform, type Platform } from '../../spec/platform.ts';

/** Brings the image that `oci-layout://DIRECTORY[:TAG][@DIGEST]` names into the store. Throws KilnError `content/...`. */
export async function openLayout(content: ContentStore, reference: string, platform: Platform): Promise<ResolvedImage> {
  const match = /^oci-layout:\/\/(.+?)(?::([\w][\w.-]{0,127}))?(?:@(sha256:[0-9a-f]{64}))?$/.exec(reference);
  const [, path = '', tag, digest] = match ?? [];
  const target = await importLayoutImage(content, resolve(path), { tag, digest });
  const image = resolveTarget(content, target, platform);
  if (image) return image;
  throw new KilnError('engine/image', `${reference} has no image for ${formatPlatform(platform)}`);
}
