import { KilnError } from '../../diagnostic/kiln-error.ts';
import { readSwitch } from './options.ts';

/** A question about a Dockerfile, and how to answer it. */
export interface CallMethod {
  readonly name: 'check' | 'outline' | 'targets' | 'subrequests.describe';
  readonly json: boolean;
  /** The exit code does not tell whether there are warnings. */
  readonly ignoreStatus: boolean;
}

const names: ReadonlyMap<string, CallMethod['name']> = new Map([
  ['check', 'check'],
  ['lint', 'check'],
  ['outline', 'outline'],
  ['targets', 'targets'],
  ['subrequests.describe', 'subrequests.describe'],
]);

/**
 * Reads `--call=NAME[,format=json][,ignorestatus=true]`; undefined stands for `build`.
 *
 * Throws KilnError `cli/call`.
 */
export function parseCallMethod(text: string): CallMethod | undefined {
  let method: CallMethod = { name: 'check', json: false, ignoreStatus: false };
  let name: string | undefined;
  for (const field of text.split(',')) {
    const [key, value] = splitOnce(field);
    if (value === undefined && name === undefined) name = key;
    else if (value === undefined) throw invalid(`invalid print value: ${text}`);
    else if (key === 'format') method = { ...method, json: value === 'json' };
    else if (key === 'ignorestatus') method = { ...method, ignoreStatus: readIgnoreStatus(value) };
    else throw invalid(`invalid print field: ${field}`);
  }
  if (name === 'build' || text === '') return undefined;
  const known = names.get(name ?? '');
  if (!known) throw invalid(`unknown method ${name ?? ''}`);
  return { ...method, name: known };
}

function splitOnce(field: string): readonly [key: string, value?: string] {
  const equals = field.indexOf('=');
  return equals < 0 ? [field] : [field.slice(0, equals), field.slice(equals + 1)];
}

function readIgnoreStatus(value: string): boolean {
  const isOn = readSwitch(value);
  if (isOn === undefined) throw invalid(`invalid ignorestatus print value: ${value}`);
  return isOn;
}

function invalid(message: string): KilnError {
  return new KilnError('cli/call', message, {
    hint: 'the methods are check, outline and targets, e.g. --call=outline,format=json',
  });
}
