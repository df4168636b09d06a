import type { HealthcheckConfig, History, Image } from '../../spec/image-config.ts';
import type { Platform } from '../../spec/platform.ts';
import type { Workdir } from './path.ts';
import { Variables } from './variables.ts';

/** The steps of a draft, the last one first. */
interface HistoryLink {
  readonly entry: History;
  readonly previous: HistoryLink | undefined;
}

/** The image of a stage while its commands are evaluated. */
export interface ImageDraft {
  platform: Platform;
  author: string;
  user: string;
  /** Keys only. */
  readonly exposedPorts: Variables;
  readonly env: Variables;
  entrypoint: readonly string[] | undefined;
  cmd: readonly string[] | undefined;
  /** Keys only. */
  readonly volumes: Variables;
  workdir: Workdir;
  readonly labels: Variables;
  stopSignal: string;
  argsEscaped: boolean;
  healthcheck: HealthcheckConfig | undefined;
  /** Its own, not shared with another draft. */
  onbuild: string[];
  shell: readonly string[] | undefined;
  history: HistoryLink | undefined;
}

const defaultPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
const historyComment = 'buildkit.dockerfile.v0';

/** The image `scratch`. */
export function emptyImage(platform: Platform): ImageDraft {
  const draft = imageDraft({ architecture: platform.architecture, os: platform.os, config: {}, history: [] }, platform);
  draft.workdir = { path: '/', isClean: false };
  ensurePath(draft);
  return draft;
}

/** An image to go on from. */
export function imageDraft({ author, config, history }: Image, platform: Platform): ImageDraft {
  const draft: ImageDraft = {
    platform,
    author: author ?? '',
    user: config.User ?? '',
    exposedPorts: variablesOf(config.ExposedPorts ?? {}),
    env: new Variables(),
    entrypoint: config.Entrypoint,
    cmd: config.Cmd,
    volumes: variablesOf(config.Volumes ?? {}),
    workdir: { path: config.WorkingDir ?? '', isClean: false },
    labels: variablesOf(config.Labels ?? {}),
    stopSignal: config.StopSignal ?? '',
    argsEscaped: config.ArgsEscaped ?? false,
    healthcheck: config.Healthcheck,
    onbuild: [...(config.OnBuild ?? [])],
    shell: config.Shell,
    history: undefined,
  };
  for (const entry of config.Env ?? []) {
    const [name = '', ...value] = entry.split('=');
    draft.env.set(name, value.join('='));
  }
  for (const entry of history) draft.history = { entry, previous: draft.history };
  return draft;
}

/** A stage begins with the image of its base, save what only the base itself is to run. */
export function inheritImage(base: ImageDraft): ImageDraft {
  return {
    ...base,
    env: base.env.fork(),
    labels: base.labels.fork(),
    exposedPorts: base.exposedPorts.fork(),
    volumes: base.volumes.fork(),
    onbuild: [],
  };
}

/** Every image has a PATH; those of Windows leave it to the system. */
export function ensurePath({ platform, env }: ImageDraft): void {
  if (platform.os !== 'windows' && env.get('PATH') === undefined) env.set('PATH', defaultPath);
}

/** Writes down a step. */
export function addHistory(image: ImageDraft, createdBy: string, hasLayer: boolean): void {
  const entry = { created_by: createdBy, comment: historyComment, ...(!hasLayer && { empty_layer: true }) };
  image.history = { entry, previous: image.history };
}

/** The command with the shell in front. */
export function withShell({ shell, platform }: ImageDraft, words: readonly string[]): readonly string[] {
  const command =
    shell && shell.length > 0 ? shell : platform.os === 'windows' ? ['cmd', '/S', '/C'] : ['/bin/sh', '-c'];
  return [...command, words.join(' ')];
}

/** The finished image; what is empty is absent. */
export function finishImage(draft: ImageDraft): Image {
  const { platform, author, entrypoint, cmd, healthcheck, onbuild, shell } = draft;
  const env = Array.from(draft.env.entries(), ([name, value]) => `${name}=${value}`);
  const labels = draft.labels.entries();
  return {
    architecture: platform.architecture,
    os: platform.os,
    ...(platform.variant !== undefined && { variant: platform.variant }),
    ...(author !== '' && { author }),
    config: {
      ...(draft.user !== '' && { User: draft.user }),
      ...keysOf('ExposedPorts', draft.exposedPorts),
      ...(env.length > 0 && { Env: env }),
      ...(entrypoint && { Entrypoint: entrypoint }),
      ...(cmd && { Cmd: cmd }),
      ...keysOf('Volumes', draft.volumes),
      ...(draft.workdir.path !== '' && { WorkingDir: draft.workdir.path }),
      ...(labels.size > 0 && { Labels: Object.fromEntries(labels) }),
      ...(draft.stopSignal !== '' && { StopSignal: draft.stopSignal }),
      ...(draft.argsEscaped && { ArgsEscaped: true }),
      ...(healthcheck && { Healthcheck: healthcheck }),
      ...(onbuild.length > 0 && { OnBuild: onbuild }),
      ...(shell && shell.length > 0 && { Shell: shell }),
    },
    history: historyOf(draft),
  };
}

function historyOf({ history }: ImageDraft): readonly History[] {
  const entries: History[] = [];
  for (let link = history; link; link = link.previous) entries.push(link.entry);
  return entries.reverse();
}

function variablesOf(record: Readonly<Record<string, unknown>>): Variables {
  const variables = new Variables();
  for (const [name, value] of Object.entries(record)) variables.set(name, typeof value === 'string' ? value : '');
  return variables;
}

function keysOf<Name extends string>(
  name: Name,
  variables: Variables,
): { readonly [Key in Name]?: Record<string, object> } {
  const keys = [...variables.keys()].sort();
  if (keys.length === 0) return {};
  return { [name]: Object.fromEntries(keys.map((key) => [key, {}])) } as {
    readonly [Key in Name]: Record<string, object>;
  };
}
