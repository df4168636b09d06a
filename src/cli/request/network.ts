import { didYouMean, suggest } from '../../diagnostic/suggest.ts';
import { quote } from '../../spec/quote.ts';
import type { NetworkMode } from './build-request.ts';
import { flagError } from './flag-error.ts';

const modes = ['default', 'none', 'host'] as const satisfies readonly NetworkMode[];

/** `--network`. Throws KilnError `cli/flag`. */
export function readNetwork(text: string): NetworkMode {
  const mode = modes.find((name) => name === (text || 'default'));
  if (mode) return mode;
  throw flagError(
    `network mode ${quote(text)} not supported${didYouMean(suggest(text, modes))}`,
    'the modes are default, none and host',
  );
}
