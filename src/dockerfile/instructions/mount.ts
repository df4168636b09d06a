import { didYouMean, suggest } from '../../diagnostic/suggest.ts';
import { quote } from '../../spec/quote.ts';
import { ValueError } from '../../spec/value-error.ts';
import { parseBoolean } from '../values/boolean.ts';
import { parseByteSize } from '../values/byte-size.ts';
import { csvFields } from '../values/csv.ts';
import { parseUnsigned, type IntegerFormat } from '../values/integer.ts';

const types = ['bind', 'cache', 'tmpfs', 'secret', 'ssh'] as const;
const sharings = ['shared', 'private', 'locked'] as const;
const keys = [
  ...['type', 'from', 'source', 'target', 'readonly', 'id', 'sharing', 'required', 'size', 'mode', 'uid', 'gid'],
  ...['src', 'dst', 'destination', 'ro', 'rw', 'readwrite', 'env'],
];

export type MountType = (typeof types)[number];

/**
 * A mount of `RUN --mount`. Texts that are not given are empty.
 *
 * @see https://docs.docker.com/reference/dockerfile/#run---mount
 */
export interface Mount {
  readonly type: MountType;
  /** Stage, image or named context; empty for the build context. */
  readonly from: string;
  readonly source: string;
  readonly target: string;
  readonly readOnly: boolean;
  /** Bytes; 0 for no limit. Of tmpfs. */
  readonly size: number;
  readonly id: string;
  readonly sharing: (typeof sharings)[number] | undefined;
  readonly required: boolean;
  /** Variable that holds a secret. */
  readonly env: string | undefined;
  readonly mode: number | undefined;
  readonly uid: number | undefined;
  readonly gid: number | undefined;
}

type Draft = { -readonly [Key in keyof Mount]: Mount[Key] } & { readOnlyGiven: boolean };

/**
 * Checks what can be said before variables are known: the form of the list, and that `from` has none.
 *
 * Throws {@link ValueError}.
 */
export function checkMount(text: string): void {
  for (const field of mountFields(text)) {
    const { key, value } = splitField(field);
    const variable = value?.indexOf('$') ?? -1;
    if (key === 'from' && value !== undefined && variable >= 0 && variable !== value.length - 1) {
      throw new ValueError("'from' doesn't support variable expansion, define alias stage instead");
    }
  }
}

/** What a mount takes files from; it has no variables, so it is known before the rest. Empty for the build context. */
export function mountSource(text: string): string {
  return mountFields(text).reduce((from, field) => {
    const { key, value } = splitField(field);
    return key === 'from' && value !== undefined ? value : from;
  }, '');
}

/**
 * Reads the value of `--mount`; `expand` is given every value.
 *
 * Throws {@link ValueError}, and whatever `expand` throws.
 */
export function parseMount(text: string, expand: (word: string) => string): Mount {
  const draft: Draft = {
    ...{ type: 'bind', from: '', source: '', target: '', readOnly: false, size: 0, id: '', sharing: undefined },
    ...{ required: false, env: undefined, mode: undefined, uid: undefined, gid: undefined, readOnlyGiven: false },
  };
  for (const field of mountFields(text)) {
    const { key, value } = splitField(field);
    if (value === undefined) readSwitch(draft, key, field);
    else readOption(draft, { key, value: expand(value), field });
  }
  checkTogether(draft);
  const { readOnlyGiven, ...mount } = draft;
  return { ...mount, readOnly: readOnlyGiven ? draft.readOnly : draft.type !== 'cache' && draft.type !== 'tmpfs' };
}

function mountFields(text: string): readonly string[] {
  try {
    return csvFields(text).map(({ value }) => value);
  } catch (error) {
    if (error instanceof ValueError) throw new ValueError(`failed to parse csv mounts: ${error.message}`);
    throw error;
  }
}

function splitField(field: string): { readonly key: string; readonly value: string | undefined } {
  const equals = field.indexOf('=');
  const key = (equals < 0 ? field : field.slice(0, equals)).toLowerCase();
  return { key, value: equals < 0 ? undefined : field.slice(equals + 1) };
}

function readSwitch(draft: Draft, key: string, field: string): void {
  if (key === 'readonly' || key === 'ro' || key === 'readwrite' || key === 'rw') {
    draft.readOnly = key === 'readonly' || key === 'ro';
    draft.readOnlyGiven = true;
  } else if (key === 'required') {
    requireType(draft, key, ['secret', 'ssh']);
    draft.required = true;
  } else {
    throw new ValueError(`invalid field '${field}' must be a key=value pair`);
  }
}

interface Option {
  readonly key: string;
  readonly value: string;
  readonly field: string;
}

function readOption(draft: Draft, { key, value, field }: Option): void {
  switch (key) {
    case 'type':
      draft.type = oneOf(types, value, 'mount type');
      break;
    case 'from':
    case 'source':
    case 'target':
    case 'id':
    case 'env':
      draft[key] = value;
      break;
    case 'src':
      draft.source = value;
      break;
    case 'dst':
    case 'destination':
      draft.target = value;
      break;
    case 'readonly':
    case 'ro':
    case 'readwrite':
    case 'rw':
      draft.readOnly = readValue(key, value, parseBoolean) === (key === 'readonly' || key === 'ro');
      draft.readOnlyGiven = true;
      break;
    case 'required':
      requireType(draft, key, ['secret', 'ssh']);
      draft.required = readValue(key, value, parseBoolean);
      break;
    case 'size':
      requireType(draft, key, ['tmpfs']);
      draft.size = readValue(key, value, parseByteSize);
      break;
    case 'sharing':
      draft.sharing = oneOf(sharings, value, 'sharing value');
      break;
    case 'mode':
      draft.mode = readNumber(key, value, { base: 8, bits: 32 });
      break;
    case 'uid':
    case 'gid':
      draft[key] = readNumber(key, value, { base: 10, bits: 32 });
      break;
    default:
      throw new ValueError(`unexpected key '${key}' in '${field}'${didYouMean(suggest(key, keys))}`);
  }
}

function requireType(draft: Draft, key: string, allowed: readonly MountType[]): void {
  if (!allowed.includes(draft.type)) throw new ValueError(`unexpected key '${key}' for mount type '${draft.type}'`);
}

function oneOf<Value extends string>(options: readonly Value[], value: string, what: string): Value {
  const found = options.find((option) => option === value.toLowerCase());
  if (found !== undefined) return found;
  throw new ValueError(`unsupported ${what} ${quote(value)}${didYouMean(suggest(value, options))}`);
}

function readValue<Value>(key: string, value: string, parse: (text: string) => Value): Value {
  try {
    return parse(value);
  } catch {
    throw new ValueError(`invalid value for ${key}: ${value}`);
  }
}

function readNumber(key: string, value: string, format: IntegerFormat): number {
  try {
    return parseUnsigned(value, format);
  } catch {
    throw new ValueError(`invalid value ${value} for ${key}`);
  }
}

function checkTogether({ type, mode, uid, gid, from, sharing, source, target, id }: Draft): void {
  if (type !== 'secret' && type !== 'ssh' && type !== 'cache') {
    for (const [name, value] of Object.entries({ mode, uid, gid })) {
      if (value !== undefined) throw new ValueError(`${name} not allowed for ${quote(type)} type mounts`);
    }
  }
  if (type === 'secret') {
    if (from !== '') throw new ValueError('secret mount should not have a from');
    if (sharing) throw new ValueError('secret mount should not define sharing');
    if (source === '' && target === '' && id === '') {
      throw new ValueError('invalid secret mount. one of source, target required');
    }
    if (source !== '' && id !== '') throw new ValueError("both source and id can't be set");
  }
  if (sharing && type !== 'cache') throw new ValueError(`invalid cache sharing set for ${type} mount`);
}
