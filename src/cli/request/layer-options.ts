import { didYouMean, suggest } from '../../diagnostic/suggest.ts';
import { parseBoolean } from '../../dockerfile/values/boolean.ts';
import { parseInteger } from '../../dockerfile/values/integer.ts';
import { flagError, parseFlag } from './flag-error.ts';
import type { LayerOptions } from './output-request.ts';

/** What compressions are called, and the highest level of each. An estargz layer is gzip with an index. */
const compressions: ReadonlyMap<string, readonly [LayerOptions['compression'], number]> = new Map([
  ['gzip', ['gzip', 9]],
  ['estargz', ['gzip', 9]],
  ['zstd', ['zstd', 22]],
  ['uncompressed', ['none', Infinity]],
  ['none', ['none', Infinity]],
]);

/** The options of an output that say how layers are written. Throws KilnError `cli/flag`. */
export function readLayerOptions(options: ReadonlyMap<string, string>): LayerOptions {
  const name = options.get('compression') ?? 'gzip';
  const found = compressions.get(name);
  if (!found) {
    throw flagError(
      `unsupported compression type ${name}${didYouMean(suggest(name, compressions.keys()))}`,
      'the types are gzip, zstd and uncompressed',
    );
  }
  const [compression, highest] = found;
  return {
    compression,
    level: readLevel(options.get('compression-level'), name, highest),
    force: readForce(options.get('force-compression')),
    rewriteTimestamp: readBoolean(options, 'rewrite-timestamp') ?? false,
  };
}

function readLevel(text: string | undefined, name: string, highest: number): number | undefined {
  if (text === undefined) return undefined;
  const level = parseFlag(
    () => parseInteger(text, { base: 10, bits: 64 }),
    (reason) => `non-integer value ${text} specified for compression-level: ${reason}`,
  );
  if (level < 0 || level > highest) {
    throw flagError(`invalid compression level ${level} for ${name}`, `the levels are 0 to ${highest}`);
  }
  return level;
}

function readForce(text: string | undefined): boolean {
  if (text === undefined || text === '') return text === '';
  return parseFlag(
    () => parseBoolean(text),
    (reason) => `non-bool value ${text} specified for force-compression: ${reason}`,
  );
}

/** An option that is on or off; undefined if it is not given. Throws KilnError `cli/flag`. */
export function readBoolean(options: ReadonlyMap<string, string>, name: string): boolean | undefined {
  const text = options.get(name);
  if (text === undefined) return undefined;
  return parseFlag(
    () => parseBoolean(text),
    (reason) => `non-bool value specified for ${name}: ${reason}`,
  );
}
