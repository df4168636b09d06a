import { quote } from '../../spec/quote.ts';
import type { SecretRequest } from './build-request.ts';
import { flagError } from './flag-error.ts';
import { fieldsOf, splitPair } from './key-value.ts';

type Environment = Readonly<Record<string, string | undefined>>;

const form = 'the form is --secret id=NAME[,src=PATH|,env=VARIABLE]';

/**
 * `--secret id=ID[,src=PATH][,env=NAME][,type=file|env]`. With neither, it is the variable called ID, or else that file.
 *
 * Throws KilnError `cli/flag`.
 *
 * @see https://docs.docker.com/reference/cli/docker/buildx/build/#secret
 */
export function readSecret(text: string, env: Environment): SecretRequest {
  const fields = secretFields(text);
  const id = fields.get('id') ?? '';
  if (id === '') throw flagError('secret missing ID', form);
  const path = fields.get('src') ?? '';
  const isVariable = fields.get('type') === 'env';
  const name = (fields.get('env') ?? '') || (isVariable ? path : '');
  if (name !== '') return { id, source: { kind: 'env', name } };
  if (path === '' && env[id] !== undefined) return { id, source: { kind: 'env', name: id } };
  return { id, source: { kind: 'file', path: path || id } };
}

function secretFields(text: string): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  for (const field of fieldsOf(text, (reason) => `failed to parse csv secret: ${reason}`)) {
    const [written, value] = splitPair(field);
    const key = written.toLowerCase();
    if (value === undefined) throw flagError(`invalid field '${field}' must be a key=value pair`, form);
    if (!['id', 'src', 'source', 'env', 'type'].includes(key)) {
      throw flagError(`unexpected key '${key}' in '${field}'`, form);
    }
    if (key === 'type' && value !== 'file' && value !== 'env') {
      throw flagError(`unsupported secret type ${quote(value)}`, 'the types are file and env');
    }
    fields.set(key === 'source' ? 'src' : key, value);
  }
  return fields;
}
