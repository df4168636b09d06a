import { didYouMean, suggest } from '../../diagnostic/suggest.ts';
import { ValueError } from '../../spec/value-error.ts';
import { parseBoolean } from '../values/boolean.ts';
import { csvFields } from '../values/csv.ts';

/**
 * A device of `RUN --device`.
 *
 * @see https://docs.docker.com/reference/dockerfile/#run---device
 */
export interface Device {
  readonly name: string;
  readonly required: boolean;
}

/** Throws {@link ValueError}. */
export function parseDevice(text: string): Device {
  let device: Device = { name: '', required: false };
  for (const { value: field } of deviceFields(text)) device = readField(device, field);
  return device;
}

function deviceFields(text: string): ReturnType<typeof csvFields> {
  try {
    return csvFields(text);
  } catch (error) {
    if (error instanceof ValueError) throw new ValueError(`failed to parse csv devices: ${error.message}`);
    throw error;
  }
}

function readField(device: Device, field: string): Device {
  const equals = field.indexOf('=');
  const key = (equals < 0 ? field : field.slice(0, equals)).toLowerCase();
  const value = field.slice(equals + 1);
  if (key === 'required') return { ...device, required: equals < 0 || readBoolean(key, value) };
  if (key === 'name' && equals >= 0) {
    if (device.name !== '') throw new ValueError(`device name already set to ${device.name}`);
    return { ...device, name: value };
  }
  if (device.name === '') return { ...device, name: field };
  if (equals < 0) throw new ValueError(`invalid field '${field}' must be a key=value pair`);
  throw new ValueError(`unexpected key '${key}' in '${field}'${didYouMean(suggest(key, ['name', 'required']))}`);
}

function readBoolean(key: string, value: string): boolean {
  try {
    return parseBoolean(value);
  } catch {
    throw new ValueError(`invalid value for ${key}: ${value}`);
  }
}
