/** What a server wants to see before it answers. */
export interface Challenge {
  /** Lower case: `bearer`, `basic`. */
  readonly scheme: string;
  /** Names in lower case. */
  readonly parameters: ReadonlyMap<string, string>;
}

const token = /[!#$%&'*+.^_`|~\w-]+/y;
const parameter = /[\s,]*([!#$%&'*+.^_`|~\w-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))/y;

/**
 * Reads a `WWW-Authenticate` header. What cannot be read ends the list.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-11.6.1
 */
export function parseChallenges(header: string): readonly Challenge[] {
  const challenges: Challenge[] = [];
  let at = 0;
  while (at < header.length) {
    at += /^[\s,]*/.exec(header.slice(at))?.[0].length ?? 0;
    token.lastIndex = at;
    const scheme = token.exec(header)?.[0];
    if (scheme === undefined) break;
    at += scheme.length;
    const parameters = new Map<string, string>();
    for (parameter.lastIndex = at; ; at = parameter.lastIndex) {
      const match = parameter.exec(header);
      if (!match) break;
      const [, name = '', quoted, plain = ''] = match;
      parameters.set(name.toLowerCase(), quoted?.replace(/\\(.)/g, '$1') ?? plain);
    }
    challenges.push({ scheme: scheme.toLowerCase(), parameters });
  }
  return challenges;
}
