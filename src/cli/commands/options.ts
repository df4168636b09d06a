import { InvalidArgumentError } from 'commander';

/** Gathers `--build-arg NAME=value`; `NAME` alone takes the value from the environment, and nothing if it has none. */
export function gatherBuildArg(
  text: string,
  previous: ReadonlyMap<string, string> | undefined,
): ReadonlyMap<string, string> {
  const equals = text.indexOf('=');
  const name = equals < 0 ? text : text.slice(0, equals);
  if (name === '') throw new InvalidArgumentError('the form is NAME=value.');
  const value = equals < 0 ? process.env[name] : text.slice(equals + 1);
  return new Map([...(previous ?? []), ...(value === undefined ? [] : [[name, value] as const])]);
}

/** The value of `--switch=value`; undefined if it is neither true nor false. */
export function readSwitch(text: string): boolean | undefined {
  if (/^(?:1|t|true)$/i.test(text)) return true;
  return /^(?:0|f|false)$/i.test(text) ? false : undefined;
}
