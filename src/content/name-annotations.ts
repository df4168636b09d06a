import { parseReference } from '../spec/reference.ts';
import type { Annotations } from '../spec/descriptor.ts';

/** The full name of an image, in the index of a layout. */
export const imageNameAnnotation = 'io.containerd.image.name';
/** The tag, in the index of a layout; some tools put the full name here. */
export const refNameAnnotation = 'org.opencontainers.image.ref.name';

/** How the index of a layout says what the name of an image is, as containerd and BuildKit do it. */
export function nameAnnotations(fullName: string): Annotations {
  const { tag, digest } = parseReference(fullName);
  const object = tag === undefined ? digest : digest === undefined ? tag : `${tag}@${digest}`;
  return { [imageNameAnnotation]: fullName, [refNameAnnotation]: object ?? fullName };
}
