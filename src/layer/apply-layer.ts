import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, rmSync } from 'node:fs';
import { Readable } from 'node:stream';
import { decompress } from '../content/decompress.ts';
import { KilnError } from '../diagnostic/kiln-error.ts';
import type { DiffId } from '../spec/digest.ts';
import { TarReader } from '../spec/tar/tar-reader.ts';
import { isSystemError } from '../system/system-error.ts';
import { UnpackMeter, type UnpackLimits } from '../system/unpack-limits.ts';
import { checkDiffId, explainBrokenLayer } from './broken-layer.ts';
import { LayerUnpacker } from './layer-unpacker.ts';

/** Bytes. */
const leastReleased = 1 << 17;

export interface ApplyOptions {
  /** Whether the overlay will be mounted with `userxattr`, as it is without root. */
  readonly userxattr: boolean;
  /** What the uncompressed layer must be. */
  readonly expectedDiffId: DiffId;
  /**
   * The overlay directories below, bottom first; empty for the first layer of an image. Directories that the layer leaves out
   * and targets of hard links come from there; whiteouts are only made where there is something below.
   */
  readonly parent: readonly string[];
  /** Bytes of the blob; absent if they are not known before. */
  readonly size?: number | undefined;
  /** The default ones if absent. */
  readonly limits?: UnpackLimits | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Unpacks a layer to an overlay directory, which is made and must not exist; if that fails, it is removed. Nothing outside of it
 * is touched, whatever the layer says.
 *
 * Throws KilnError `layer/broken`, `layer/wrong-content`, `layer/unsafe-path`, `layer/broken-link`, `layer/unpack-failed`,
 * `system/unpack-limit`.
 *
 * @param blob the layer, compressed with gzip or zstd or not at all; a stream is closed at the end
 */
export async function applyLayer(
  blob: AsyncIterable<Uint8Array>,
  directory: string,
  options: ApplyOptions,
): Promise<void> {
  mkdirSync(directory);
  // Whatever the umask is: it becomes the root of steps.
  chmodSync(directory, 0o755);
  try {
    const diffId = await unpack(blob, directory, options);
    checkDiffId(diffId, options.expectedDiffId);
  } catch (error) {
    rmSync(directory, { recursive: true, force: true });
    throw options.signal?.aborted === true ? error : explained(error);
  } finally {
    if (blob instanceof Readable) blob.destroy();
  }
}

/** The digest of what was unpacked. */
async function unpack(blob: AsyncIterable<Uint8Array>, directory: string, options: ApplyOptions): Promise<string> {
  const meter = new UnpackMeter(options.limits, options.size);
  const { content, compression } = await decompress(meter.packed(blob));
  const hash = createHash('sha256');
  const unpacked = meter.unpacked(content);
  const own = compression === 'none' ? unpacked : released(unpacked);
  const reader = new TarReader(hashed(own, (chunk) => hash.update(chunk)));
  const unpacker = new LayerUnpacker(directory, {
    ...options,
    onDirectory: () => {
      meter.entry();
    },
  });
  for (let entry = await reader.next(); entry; entry = await reader.next()) {
    options.signal?.throwIfAborted();
    meter.entry(entry.kind === 'file' ? entry.size : 0, reader.storedSize);
    await unpacker.unpack(entry, reader.content());
  }
  await reader.drain();
  unpacker.finish();
  return `sha256:${hash.digest('hex')}`;
}

async function* hashed(
  content: AsyncIterable<Uint8Array>,
  update: (chunk: Uint8Array) => unknown,
): AsyncGenerator<Uint8Array, void> {
  for await (const chunk of content) {
    update(chunk);
    yield chunk;
  }
}

/**
 * The chunks of a decompressor, each good until the next is asked for: their memory is given back then. Left to the garbage
 * collector, they would be what it works for most of the time.
 */
async function* released(content: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  let last: ArrayBufferLike | undefined;
  for await (const chunk of content) {
    // Several chunks may be parts of one buffer; short ones, of a buffer that others have parts of.
    if (last instanceof ArrayBuffer && last !== chunk.buffer && last.byteLength >= leastReleased) last.transfer(0);
    last = chunk.buffer;
    yield chunk;
  }
}

function explained(thrown: unknown): unknown {
  const cause = explainBrokenLayer(thrown);
  if (!(cause instanceof Error) || cause instanceof KilnError) return cause;
  const hint = isSystemError(cause, 'EINVAL', 'EPERM')
    ? 'without root, files can only belong to the ids that /etc/subuid and /etc/subgid give the user'
    : isSystemError(cause, 'ENOSPC', 'EDQUOT')
      ? 'make room on the disk of the store, or name another place with --root or KILN_ROOT'
      : undefined;
  return new KilnError('layer/unpack-failed', `cannot unpack the layer: ${cause.message}`, { cause, hint });
}
