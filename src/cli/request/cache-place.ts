import { quote } from '../../spec/quote.ts';
import { flagError } from './flag-error.ts';
import { fieldsOf, splitPair } from './key-value.ts';

/** Checks `--cache-from` and `--cache-to`: names of images, or `type=TYPE[,...]`. Throws KilnError `cli/flag`. */
export function checkCachePlace(text: string): void {
  const fields = fieldsOf(text);
  if (!text.includes('=')) return;
  for (const field of fields) if (!field.includes('=')) throw flagError(`invalid value ${field}`);
  if (!fields.some((field) => splitPair(field)[0].toLowerCase() === 'type')) {
    throw flagError(`type required for ${quote(text)}`, 'the form is type=registry,ref=NAME or type=local,src=PATH');
  }
}
