/**
 * Whether a text may name a stage, as `FROM ... AS` writes it, in lower case.
 *
 * @see https://docs.docker.com/reference/dockerfile/#from
 */
export function isStageName(text: string): boolean {
  return /^[a-z][a-z0-9-_.]*$/.test(text);
}
