import { didYouMean, suggest } from '../../diagnostic/suggest.ts';
import { parseInteger } from '../../dockerfile/values/integer.ts';
import { quote } from '../../spec/quote.ts';
import { ValueError } from '../../spec/value-error.ts';
import type { UlimitRequest } from './build-request.ts';
import { parseFlag } from './flag-error.ts';
import { splitPair } from './key-value.ts';

const names = [
  ...['core', 'cpu', 'data', 'fsize', 'locks', 'memlock', 'msgqueue', 'nice', 'nofile'],
  ...['nproc', 'rss', 'rtprio', 'rttime', 'sigpending', 'stack'],
];

/**
 * `--ulimit NAME=SOFT[:HARD]`, sorted by name, the last of each.
 *
 * Throws KilnError `cli/flag`.
 *
 * @see https://pkg.go.dev/github.com/docker/go-units#ParseUlimit
 */
export function readUlimits(texts: readonly string[]): readonly UlimitRequest[] {
  const limits = new Map<string, UlimitRequest>();
  for (const text of texts) {
    const limit = parseFlag(
      () => parseUlimit(text),
      (reason) => `invalid argument ${quote(text)} for "--ulimit" flag: ${reason}`,
      'the form is --ulimit NAME=SOFT[:HARD], such as nofile=1024:2048',
    );
    limits.set(limit.name, limit);
  }
  return [...limits.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function parseUlimit(text: string): UlimitRequest {
  const [name, values] = splitPair(text);
  if (values === undefined) throw new ValueError(`invalid ulimit argument: ${text}`);
  if (!names.includes(name)) {
    throw new ValueError(`invalid ulimit type: ${name}${didYouMean(suggest(name, names))}`);
  }
  const limits = values.split(':');
  if (limits.length > 2) {
    throw new ValueError(`too many limit value arguments - ${values}, can only have up to two, \`soft[:hard]\``);
  }
  // The hard limit is read first, so that its mistakes are the ones that are named.
  const [hard = 0, soft = hard] = limits.toReversed().map((limit) => parseInteger(limit, { base: 10, bits: 64 }));
  if (hard !== -1 && (soft === -1 || soft > hard)) {
    const rule = 'ulimit soft limit must be less than or equal to hard limit';
    throw new ValueError(soft === -1 ? `${rule}: soft: -1 (unlimited), hard: ${hard}` : `${rule}: ${soft} > ${hard}`);
  }
  return { name, soft, hard };
}
