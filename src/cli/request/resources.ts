import { didYouMean, suggest } from '../../diagnostic/suggest.ts';
import { parseByteSize } from '../../dockerfile/values/byte-size.ts';
import { parseInteger } from '../../dockerfile/values/integer.ts';
import { ValueError } from '../../spec/value-error.ts';
import { quote } from '../../spec/quote.ts';
import type { ResourceLimits } from './build-request.ts';
import { flagError, parseFlag } from './flag-error.ts';
import { splitPair } from './key-value.ts';

const integer = (text: string) => parseInteger(text, { base: 10, bits: 64 });

/** Microseconds, in which `cpus` is counted. */
const period = 100_000;

/** How each limit is read. */
const limits: Readonly<Record<string, (text: string) => ResourceLimits>> = {
  memory: (text) => ({ memory: parseByteSize(text) }),
  'memory-swap': (text) => ({ memorySwap: text === '-1' ? -1 : parseByteSize(text) }),
  'cpu-shares': (text) => ({ cpuShares: integer(text) }),
  'cpu-period': (text) => ({ cpuPeriod: integer(text) }),
  'cpu-quota': (text) => ({ cpuQuota: integer(text) }),
  'cpuset-cpus': (text) => ({ cpusetCpus: text }),
  'cpuset-mems': (text) => ({ cpusetMems: text }),
  cpus: (text) => processors(text),
  'pids-limit': (text) => ({ pidsLimit: integer(text) }),
};

/** The names of limits, each of which is a flag, too: of `docker build`, or, the last two, of `docker run`. */
export const resourceNames: readonly string[] = Object.keys(limits);

/** `--resource NAME=value`, the last of each name; 0 and nothing are no limit. Throws KilnError `cli/flag`. */
export function readResources(texts: readonly string[]): ResourceLimits {
  const names = new Set(texts.map((text) => splitPair(text)[0].trim()));
  if (names.has('cpus') && (names.has('cpu-quota') || names.has('cpu-period'))) {
    throw flagError('--cpus cannot be used together with --cpu-quota and --cpu-period, which say the same');
  }
  const all = Object.assign({}, ...texts.map(readResource)) as ResourceLimits;
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== 0 && value !== ''));
}

function processors(text: string): ResourceLimits {
  if (!/^\d{1,5}(\.\d{1,9})?$/.test(text)) throw new ValueError('it is a number of processors, such as 1.5');
  const quota = Math.round(Number(text) * period);
  return quota === 0 ? {} : { cpuPeriod: period, cpuQuota: quota };
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
