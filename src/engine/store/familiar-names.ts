import { familiarName, parseReference } from '../../spec/reference.ts';
import { ValueError } from '../../spec/value-error.ts';

/** A full name as people write it: `docker.io/library/busybox:latest` is `busybox:latest`. */
export function familiarText(name: string): string {
  try {
    const { tag, digest, ...rest } = parseReference(name);
    return `${familiarName(rest)}${tag === undefined ? '' : `:${tag}`}${digest === undefined ? '' : `@${digest}`}`;
  } catch (error) {
    if (error instanceof ValueError) return name;
    throw error;
  }
}

/** Some names, separated by commas. */
export function familiar(names: readonly string[]): string {
  return names.map(familiarText).join(', ');
}
