import { byteLength } from './byte-string.ts';
import { ValueError } from './value-error.ts';

const hexDigits: ReadonlyMap<string, number> = new Map([
  ['sha256', 64],
  ['sha384', 96],
  ['sha512', 128],
]);

const pattern = /^[a-z0-9]+(?:[.+_-][a-z0-9]+)*:[a-zA-Z0-9=_-]+$/;
const invalidFormat = 'invalid checksum digest format';

/**
 * Checks that a text is a digest `algorithm:hex` of a known algorithm; throws a {@link ValueError} if not.
 *
 * @see https://pkg.go.dev/github.com/opencontainers/go-digest#Digest.Validate
 */
export function checkDigest(text: string): void {
  const colon = text.indexOf(':');
  if (colon <= 0 || colon + 1 === text.length) throw new ValueError(invalidFormat);
  const length = hexDigits.get(text.slice(0, colon));
  if (length === undefined) throw new ValueError(pattern.test(text) ? 'unsupported digest algorithm' : invalidFormat);
  const encoded = text.slice(colon + 1);
  if (byteLength(encoded) !== length) throw new ValueError('invalid checksum digest length');
  if (!/^[a-f0-9]+$/.test(encoded)) throw new ValueError(invalidFormat);
}
