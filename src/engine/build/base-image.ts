import type { Descriptor } from '../../spec/descriptor.ts';
import type { Image, ImageConfig } from '../../spec/image-config.ts';
import type { Platform } from '../../spec/platform.ts';

/** An image that a stage begins with. */
export interface BaseImage {
  readonly reference: string;
  readonly manifest: string;
  readonly image: Image;
  /** Lowest first. */
  readonly layers: readonly { readonly diffId: string; readonly descriptor: Descriptor }[];
}

/** What a Dockerfile inherits from the configuration of an image, whatever is in it. */
export function readImage(json: Uint8Array, platform: Platform): Image {
  const root = objectOf(JSON.parse(new TextDecoder().decode(json)));
  const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined);
  const variant = text(root['variant']);
  const author = text(root['author']);
  const history = root['history'];
  return {
    architecture: text(root['architecture']) ?? platform.architecture,
    os: text(root['os']) ?? platform.os,
    ...(variant !== undefined && { variant }),
    ...(author !== undefined && { author }),
    config: configOf(objectOf(root['config'])),
    history: Array.isArray(history) ? history.map(objectOf) : [],
  };
}

type Reader = (value: unknown) => unknown;

const readers: { readonly [Key in keyof Required<ImageConfig>]: Reader } = {
  User: textOf,
  ExposedPorts: recordOf,
  Env: listOf,
  Entrypoint: listOf,
  Cmd: listOf,
  Volumes: recordOf,
  WorkingDir: textOf,
  Labels: recordOf,
  StopSignal: textOf,
  ArgsEscaped: (value) => (value === true ? true : undefined),
  Healthcheck: (value) => recordOf(value),
  OnBuild: listOf,
  Shell: listOf,
};

/** Only what is of the right form: a stranger wrote it. */
function configOf(config: Readonly<Record<string, unknown>>): ImageConfig {
  const entries = Object.entries(readers).map(([name, read]) => [name, read(config[name])] as const);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

function textOf(value: unknown): unknown {
  return typeof value === 'string' ? value : undefined;
}

function listOf(value: unknown): unknown {
  return Array.isArray(value) && value.every((entry) => typeof entry === 'string') ? value : undefined;
}

function recordOf(value: unknown): unknown {
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? value : undefined;
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  return (recordOf(value) ?? {}) as Readonly<Record<string, unknown>>;
}
