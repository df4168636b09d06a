/**
 * How a container of an image runs. The names are those of the JSON.
 *
 * @see https://github.com/opencontainers/image-spec/blob/v1.1.1/config.md#properties
 * @see https://github.com/moby/docker-image-spec/blob/v1.3.1/spec.md for Healthcheck, OnBuild and Shell
 */
export interface ImageConfig {
  readonly User?: string;
  /** Keys are `port/protocol`. */
  readonly ExposedPorts?: Readonly<Record<string, object>>;
  /** `NAME=value`. */
  readonly Env?: readonly string[];
  readonly Entrypoint?: readonly string[];
  readonly Cmd?: readonly string[];
  readonly Volumes?: Readonly<Record<string, object>>;
  readonly WorkingDir?: string;
  readonly Labels?: Readonly<Record<string, string>>;
  readonly StopSignal?: string;
  readonly ArgsEscaped?: boolean;
  readonly Healthcheck?: HealthcheckConfig;
  readonly OnBuild?: readonly string[];
  readonly Shell?: readonly string[];
}

/** Durations in ns; 0 or absent inherits. */
export interface HealthcheckConfig {
  readonly Test?: readonly string[];
  readonly Interval?: number;
  readonly Timeout?: number;
  readonly StartPeriod?: number;
  readonly StartInterval?: number;
  readonly Retries?: number;
}

/** One step in the making of an image. */
export interface History {
  /** RFC 3339. */
  readonly created?: string;
  readonly created_by?: string;
  readonly author?: string;
  readonly comment?: string;
  /** The step made no layer. */
  readonly empty_layer?: boolean;
}

/** What a Dockerfile decides of an image; the layers are not among it. */
export interface Image {
  readonly architecture: string;
  readonly os: string;
  readonly variant?: string;
  readonly author?: string;
  readonly config: ImageConfig;
  readonly history: readonly History[];
}
