import { flagError } from './flag-error.ts';
import { fieldsOf, splitPair } from './key-value.ts';

/** `--output` in its parts. */
export interface OutputFields {
  readonly type: string;
  /** Empty if there is none. */
  readonly destination: string;
  /** All other options, by their names in lower case. */
  readonly options: ReadonlyMap<string, string>;
}

/**
 * `--output type=TYPE[,dest=PATH][,NAME=VALUE...]`; `DIRECTORY` is short for `type=local`, `-` for `type=tar`.
 *
 * Throws KilnError `cli/flag`.
 *
 * @see https://docs.docker.com/reference/cli/docker/buildx/build/#output
 */
export function readOutputFields(text: string): OutputFields {
  const fields = fieldsOf(text);
  const options = new Map<string, string>();
  if (fields.length === 1 && fields[0] === text && !text.startsWith('type=')) {
    return { type: text === '-' ? 'tar' : 'local', destination: text, options };
  }
  for (const field of fields) {
    const [key, value] = splitPair(field);
    if (value === undefined) throw flagError(`invalid value ${field}`, 'the form is --output type=TYPE,dest=PATH');
    options.set(key.toLowerCase().trim(), value);
  }
  const { type = '', dest: destination = '' } = Object.fromEntries(options);
  if (type === '') throw flagError('type is required for output', 'the form is --output type=TYPE,dest=PATH');
  options.delete('type');
  options.delete('dest');
  return { type, destination, options };
}
