import { didYouMean, suggest } from '../../diagnostic/suggest.ts';
import { parseByteSize } from '../../dockerfile/values/byte-size.ts';
import { parseInteger } from '../../dockerfile/values/integer.ts';
import { quote } from '../../spec/quote.ts';
import type { ResourceLimits } from './build-request.ts';
import { flagError, parseFlag } from './flag-error.ts';
import { splitPair } from './key-value.ts';

const integer = (text: string) => parseInteger(text, { base: 10, bits: 64 });

/** How each limit is read. */
const limits: Readonly<Record<string, (text: string) => ResourceLimits>> = {
  memory: (text) => ({ memory: parseByteSize(text) }),
  'memory-swap': (text) => ({ memorySwap: text === '-1' ? -1 : parseByteSize(text) }),
  'cpu-shares': (text) => ({ cpuShares: integer(text) }),
  'cpu-period': (text) => ({ cpuPeriod: integer(text) }),
  'cpu-quota': (text) => ({ cpuQuota: integer(text) }),
  'cpuset-cpus': (text) => ({ cpusetCpus: text }),
  'cpuset-mems': (text) => ({ cpusetMems: text }),
};

/** The names of limits, each of which is a flag of `docker build`, too. */
export const resourceNames: readonly string[] = Object.keys(limits);

/** `--resource NAME=value`, the last of each name. Throws KilnError `cli/flag`. */
export function readResources(texts: readonly string[]): ResourceLimits {
  return Object.assign({}, ...texts.map(readResource)) as ResourceLimits;
}

function readResource(text: string): ResourceLimits {
  const [written, value] = splitPair(text);
  if (value === undefined) throw flagError(`invalid resource ${quote(text)}, expected key=value`);
  const name = written.trim();
  const limit = Object.hasOwn(limits, name) ? limits[name] : undefined;
  if (!limit) {
    throw flagError(
      `unknown resource ${quote(name)}${didYouMean(suggest(name, resourceNames))}`,
      `the resources are ${resourceNames.join(', ')}`,
    );
  }
  return parseFlag(
    () => limit(value.trim()),
    (reason) => `invalid value ${quote(value.trim())} for resource ${name}: ${reason}`,
  );
}
