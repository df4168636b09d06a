import { percentDecode } from './percent-encoding.ts';
import { isKnownArchitecture, isKnownOs, normalizeOs, normalizeProcessor } from './platform-names.ts';
import type { Processor } from './platform-names.ts';
import { quote } from './quote.ts';
import { joinPath } from './slash-path.ts';
import { ValueError } from './value-error.ts';

/**
 * What an image runs on, in Go's names.
 *
 * @see https://github.com/opencontainers/image-spec/blob/main/image-index.md
 */
export interface Platform {
  readonly os: string;
  readonly architecture: string;
  /** Of the processor, such as `v7`; absent for the baseline. */
  readonly variant?: string;
  readonly osVersion?: string;
  readonly osFeatures?: readonly string[];
}

const componentPattern = /^[A-Za-z0-9_.-]+$/;
const osPattern = /^([A-Za-z0-9_-]+)(?:\(([A-Za-z0-9_.%-]*)((?:\+[A-Za-z0-9_.%-]+)*)\))?$/;

/**
 * The platform of a specifier `os[(version+feature...)]`, `architecture` or `os[(...)]/architecture[/variant]`.
 *
 * What the specifier leaves out is taken from `host`. Throws a {@link ValueError}.
 *
 * @see https://pkg.go.dev/github.com/containerd/platforms#Parse
 */
export function parsePlatform(text: string, host: Platform): Platform {
  if (text.includes('*')) throw new ValueError(`${quote(text)}: wildcards not yet supported: ${invalidArgument}`);
  const [first = '', ...others] = splitSpecifier(text);
  const system = parseSystem(first, text);
  for (const part of others) {
    if (!componentPattern.test(part)) throw mismatch(part, text, 'component', 'platform', componentPattern);
  }
  const [architecture, variant, excess] = others;
  if (excess !== undefined) throw new ValueError(`${quote(text)}: cannot parse platform specifier: ${invalidArgument}`);
  if (architecture === undefined) return inferFromHost(text, system, host);
  if (variant === undefined) return withProcessor(system, withoutV7(normalizeProcessor(architecture, '')));
  const processor = normalizeProcessor(architecture, variant);
  const isPlainArm64 = processor.architecture === 'arm64' && processor.variant === '';
  return withProcessor(system, isPlainArm64 ? { ...processor, variant: 'v8' } : processor);
}

const invalidArgument = 'invalid argument';

type System = Omit<Platform, 'architecture' | 'variant'>;

/** At most four parts, the last with all that is left. */
function splitSpecifier(text: string): readonly string[] {
  const parts = text.split('/');
  return parts.length <= 4 ? parts : [...parts.slice(0, 3), parts.slice(3).join('/')];
}

function parseSystem(part: string, text: string): System {
  const match = osPattern.exec(part);
  if (!match) throw mismatch(part, text, 'OS component', 'OSAndVersion', osPattern);
  const [, os = '', version = '', features = ''] = match;
  const osVersion = decodeOption(version, `${quote(text)} has an invalid OS version ${quote(version)}`);
  const osFeatures = features
    .split('+')
    .slice(1)
    .map((raw) => decodeOption(raw, `${quote(text)} has invalid OS features: invalid os feature ${quote(raw)}`))
    .filter((feature) => feature !== '');
  return { os: normalizeOs(os), ...(osVersion !== '' && { osVersion }), ...(osFeatures.length > 0 && { osFeatures }) };
}

function decodeOption(raw: string, problem: string): string {
  try {
    return percentDecode(raw, 'path-segment');
  } catch (error) {
    if (error instanceof ValueError) throw new ValueError(`${problem}: ${error.message}`);
    throw error;
  }
}

function mismatch(part: string, text: string, what: string, specifier: string, pattern: RegExp): ValueError {
  const rule = `${specifier} specifier component must match ${quote(pattern.source)}`;
  return new ValueError(`${quote(part)} is an invalid ${what} of ${quote(text)}: ${rule}: ${invalidArgument}`);
}

/** A single word is an operating system if there is one of that name, else an architecture. */
function inferFromHost(text: string, system: System, host: Platform): Platform {
  if (isKnownOs(system.os)) {
    const isArm = host.architecture === 'arm';
    return withProcessor(system, withoutV7({ ...host, variant: isArm ? (host.variant ?? '') : '' }));
  }
  const processor = withoutV7(normalizeProcessor(text, ''));
  if (isKnownArchitecture(processor.architecture)) return withProcessor({ ...system, os: host.os }, processor);
  throw new ValueError(`${quote(text)}: unknown operating system or architecture: ${invalidArgument}`);
}

function withoutV7({ architecture, variant }: Processor): Processor {
  return { architecture, variant: architecture === 'arm' && variant === 'v7' ? '' : variant };
}

function withProcessor(system: System, { architecture, variant }: Processor): Platform {
  const { os, ...options } = system;
  return { os, architecture, ...(variant !== '' && { variant }), ...options };
}

/**
 * The same platform in canonical names; an empty `os` is that of the host. Features are sorted, each once.
 *
 * @see https://pkg.go.dev/github.com/containerd/platforms#Normalize
 */
export function normalizePlatform(platform: Platform, host: Platform): Platform {
  const { osVersion, osFeatures } = platform;
  const system: System = {
    os: platform.os === '' ? host.os : normalizeOs(platform.os),
    ...(osVersion !== undefined && { osVersion }),
    ...(osFeatures && { osFeatures: [...new Set(osFeatures)].sort() }),
  };
  return withProcessor(system, normalizeProcessor(platform.architecture, platform.variant ?? ''));
}

/**
 * `os/architecture[/variant]`, or `unknown`.
 *
 * @see https://pkg.go.dev/github.com/containerd/platforms#Format
 */
export function formatPlatform({ os, architecture, variant = '' }: Platform): string {
  return os === '' ? 'unknown' : joinPath(os, architecture, variant);
}

/**
 * {@link formatPlatform} with version and features: `os(version+feature...)/architecture[/variant]`.
 *
 * @see https://pkg.go.dev/github.com/containerd/platforms#FormatAll
 */
export function formatPlatformAll(platform: Platform): string {
  const { osVersion = '', osFeatures = [] } = platform;
  const features = [...new Set(osFeatures)].filter((feature) => feature !== '').sort();
  const options = [osVersion, ...features].map(encodeOption).join('+');
  return formatPlatform(
    options === '' || platform.os === '' ? platform : { ...platform, os: `${platform.os}(${options})` },
  );
}

function encodeOption(option: string): string {
  return option.replace(/[%+()/]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}
