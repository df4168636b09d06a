import { familiarName, parseReference } from '../../spec/reference.ts';
import { flagError, parseFlag } from './flag-error.ts';
import { splitPair } from './key-value.ts';

/**
 * `--build-context NAME=VALUE`, by the name as short as can be.
 *
 * Throws KilnError `cli/flag`.
 *
 * @see https://docs.docker.com/reference/cli/docker/buildx/build/#build-context
 */
export function readNamedContexts(texts: readonly string[]): ReadonlyMap<string, string> {
  return new Map(
    texts
      .filter((text) => text !== '')
      .map((text) => {
        const [name, value] = splitPair(text);
        if (value === undefined) throw flagError(`invalid context value: ${text}, expected key=value`);
        return [contextName(name), value];
      }),
  );
}

function contextName(name: string): string {
  const { domain, path, tag, digest } = parseFlag(
    () => parseReference(name),
    (reason) => `invalid context name ${name}: ${reason}`,
  );
  const version = tag === undefined || tag === 'latest' ? '' : `:${tag}`;
  return `${familiarName({ domain, path })}${version}${digest === undefined ? '' : `@${digest}`}`;
}
