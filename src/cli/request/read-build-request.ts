import { parseByteSize } from '../../dockerfile/values/byte-size.ts';
import { parseGitUrl } from '../../dockerfile/values/git-url.ts';
import { quote } from '../../spec/quote.ts';
import { ValueError } from '../../spec/value-error.ts';
import type { FlagValues } from '../commands/flag-values.ts';
import { chooseProgress } from '../progress/progress-kind.ts';
import { readAgents } from './agent.ts';
import { readAnnotation } from './annotation.ts';
import type { BuildRequest } from './build-request.ts';
import { checkCachePlace } from './cache-place.ts';
import { readEntitlements } from './entitlement.ts';
import { readExtraHosts } from './extra-host.ts';
import { flagError, parseFlag } from './flag-error.ts';
import { readPairs } from './key-value.ts';
import { readNamedContexts } from './named-context.ts';
import { readNetwork } from './network.ts';
import { notActedOn } from './not-acted-on.ts';
import { readOutputFields } from './output-fields.ts';
import { readOutputs } from './outputs.ts';
import { readPlatforms } from './platform.ts';
import { readResources, resourceNames } from './resources.ts';
import { readSecret } from './secret.ts';
import { storePath } from './store-path.ts';
import { readTag } from './tag.ts';
import { readUlimits } from './ulimit.ts';

/** What a request depends on besides the flags. */
export interface RequestEnvironment {
  /** The variables of the process. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly uid: number;
  readonly isOutTerminal: boolean;
}

/** What the flags of `kiln build` ask for. Throws KilnError `cli/flag`, `cli/progress`. */
export function readBuildRequest(context: string, flags: FlagValues, environment: RequestEnvironment): BuildRequest {
  const { env, uid } = environment;
  const network = readNetwork(flags.last('network') ?? '');
  const entitlements = readEntitlements(flags.all('allow'));
  for (const name of ['cache-from', 'cache-to']) for (const text of flags.all(name)) if (text) checkCachePlace(text);
  return {
    context,
    file: flags.last('file') || undefined,
    target: flags.last('target') || undefined,
    platforms: readPlatforms(flags.has('platform') ? flags.all('platform') : defaultPlatforms(env)),
    buildArgs: readBuildArgs(flags, env),
    labels: readPairs(flags.all('label'), () => ''),
    ...readImages(flags, environment),
    namedContexts: readNamedContexts(flags.all('build-context')),
    secrets: flags
      .all('secret')
      .filter(Boolean)
      .map((text) => readSecret(text, env)),
    agents: readAgents(agentTexts(context, flags), env),
    noCache: readNoCache(flags),
    pull: flags.has('pull'),
    network,
    extraHosts: flags.all('add-host').flatMap(readExtraHosts),
    ulimits: readUlimits(flags.all('ulimit')),
    shmSize: readShmSize(flags.last('shm-size')),
    cgroupParent: flags.last('cgroup-parent') ?? '',
    resources: readResources([...legacyResources(flags), ...flags.all('resource')]),
    entitlements: network === 'host' ? new Set([...entitlements, 'network.host']) : entitlements,
    imageIdFile: flags.last('iidfile') || undefined,
    metadataFile: flags.last('metadata-file') || undefined,
    progress: chooseProgress({ progress: flags.last('progress'), quiet: flags.has('quiet'), env }),
    debug: flags.has('debug'),
    jobs: readJobs(flags.last('jobs')),
    keepGoing: flags.has('keep-going'),
    runtime: flags.last('runtime') || undefined,
    store: storePath({ root: flags.last('root'), env, uid }),
  };
}

/** Tags, outputs, and what of them changes nothing. */
function readImages(flags: FlagValues, { isOutTerminal }: RequestEnvironment) {
  const tags = flags.all('tag').map(readTag);
  const fields = flags.all('output').filter(Boolean).map(readOutputFields);
  const annotations = flags.all('annotation').filter(Boolean).flatMap(readAnnotation);
  const [load, push] = [flags.has('load'), flags.has('push')];
  const outputs = readOutputs(fields, { tags, annotations, load, push, isOutTerminal });
  if (flags.last('iidfile') && fields.some(({ type }) => type === 'local' || type === 'tar')) {
    throw flagError('local and tar exporters are incompatible with image ID file');
  }
  return { tags, outputs, notActedOn: notActedOn(flags, { outputs: fields, annotations }) };
}

/** A context that is fetched by SSH needs the agent of the user, as in buildx. */
function agentTexts(context: string, flags: FlagValues): readonly string[] {
  const given = flags.all('ssh').filter(Boolean);
  return given.length === 0 && isFetchedBySsh(context) ? ['default'] : given;
}

function isFetchedBySsh(context: string): boolean {
  try {
    return parseGitUrl(context)?.scheme === 'ssh';
  } catch (error) {
    if (error instanceof ValueError) return false;
    throw error;
  }
}

function readBuildArgs(flags: FlagValues, env: RequestEnvironment['env']): ReadonlyMap<string, string> {
  const epoch = env['SOURCE_DATE_EPOCH'];
  const given = readPairs(flags.all('build-arg'), (name) => env[name]);
  return epoch && !given.has('SOURCE_DATE_EPOCH') ? new Map([...given, ['SOURCE_DATE_EPOCH', epoch]]) : given;
}

function defaultPlatforms(env: RequestEnvironment['env']): readonly string[] {
  const platform = env['DOCKER_DEFAULT_PLATFORM'];
  return platform ? [platform] : [];
}

function readNoCache(flags: FlagValues): boolean | readonly string[] {
  const stages = flags
    .all('no-cache-filter')
    .flatMap((text) => text.split(','))
    .filter(Boolean);
  if (!flags.has('no-cache')) return stages.length > 0 ? stages : false;
  if (stages.length === 0) return true;
  throw flagError('--no-cache and --no-cache-filter cannot currently be used together');
}

function readShmSize(text = '0'): number {
  return parseFlag(
    () => parseByteSize(text),
    (reason) => `invalid argument ${quote(text)} for "--shm-size" flag: ${reason}`,
    'a size is a number of bytes, or one with a unit, such as 64m',
  );
}

function legacyResources(flags: FlagValues): readonly string[] {
  return resourceNames.flatMap((name) => flags.all(name).map((value) => `${name}=${value}`));
}

function readJobs(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^[1-9][0-9]{0,5}$/.test(text)) return Number(text);
  throw flagError(`invalid argument ${quote(text)} for "--jobs" flag`, 'it is a number, 1 or more');
}
