import type { History, Image } from '../../spec/image-config.ts';

/** A layer of an image that is about to be written. */
export interface WrittenLayer {
  readonly diffId: string;
  /** When it was made, in ms since 1970; 0 for layers of base images. */
  readonly created: number;
}

export interface ImageJsonOptions {
  readonly layers: readonly WrittenLayer[];
  /** `--label`; they come after those of the Dockerfile. */
  readonly labels: ReadonlyMap<string, string>;
  /** Seconds since 1970: the time of everything that this build made. */
  readonly epoch: number | undefined;
}

/**
 * The image configuration as BuildKit writes it: keys in order, times of steps those of their layers.
 *
 * @see https://github.com/opencontainers/image-spec/blob/v1.1.1/config.md
 */
export function imageJson(image: Image, { layers, labels, epoch }: ImageJsonOptions): string {
  const history = timedHistory(matchLayers(image.history, layers.length), layers, epoch);
  const created = epoch === undefined ? history.at(-1)?.created : formatTime(epoch * 1000);
  const { architecture, author, config, os, variant } = image;
  return JSON.stringify({
    architecture,
    ...(author !== undefined && { author }),
    config: labels.size === 0 ? config : { ...config, Labels: sortedLabels(config.Labels, labels) },
    ...(created !== undefined && { created }),
    history,
    os,
    rootfs: { type: 'layers', diff_ids: layers.map(({ diffId }) => diffId) },
    ...(variant !== undefined && { variant }),
  });
}

function sortedLabels(
  own: Readonly<Record<string, string>> | undefined,
  added: ReadonlyMap<string, string>,
): Record<string, string> {
  const all = Object.entries({ ...own, ...Object.fromEntries(added) });
  return Object.fromEntries(all.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Some images tell less, or more, of their layers than there are. */
function matchLayers(history: readonly History[], count: number): readonly History[] {
  const told = history.filter((entry) => !isEmpty(entry)).length;
  if (told === count) return history;
  if (told > count) {
    let layers = 0;
    return history.map((entry) => (isEmpty(entry) || ++layers <= count ? entry : { ...entry, empty_layer: true }));
  }
  const missing = Array.from({ length: count - told }, () => ({ comment: 'buildkit.exporter.image.v0' }));
  return [...missing, ...history];
}

function isEmpty(entry: History): boolean {
  return entry.empty_layer === true;
}

/** A step that made a layer has its time, another one that of the layer before it, or of the first new one. */
function timedHistory(
  history: readonly History[],
  layers: readonly WrittenLayer[],
  epoch: number | undefined,
): readonly History[] {
  let layer = 0;
  const timed = history.map((entry) => {
    const made = isEmpty(entry) ? undefined : layers[layer++];
    if (entry.created !== undefined || !made || made.created === 0) return entry;
    return { created: formatTime(epoch === undefined ? made.created : epoch * 1000), ...entry };
  });
  const fallback = epoch === undefined ? undefined : formatTime(epoch * 1000);
  const firstNew = timed.find((entry, index) => entry.created !== undefined && history[index]?.created === undefined);
  const known = fallback ?? firstNew?.created ?? timed.findLast(({ created }) => created !== undefined)?.created;
  let latest = known;
  return timed.map((entry) => {
    if (entry.created !== undefined) {
      latest = entry.created;
      return entry;
    }
    const created = fallback ?? latest;
    return created === undefined ? entry : { created, ...entry };
  });
}

/** RFC 3339, with as many digits as needed. */
function formatTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace(/\.?0*Z$/, 'Z');
}
