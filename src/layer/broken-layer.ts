import { isKilnError, KilnError } from '../diagnostic/kiln-error.ts';
import type { DiffId } from '../spec/digest.ts';
import { ValueError } from '../spec/value-error.ts';

/** Throws KilnError `layer/wrong-content` if a layer is another than it should be. */
export function checkDiffId(actual: string, expected: DiffId): void {
  if (actual === expected) return;
  throw new KilnError('layer/wrong-content', `the layer is not ${expected}: it is ${actual}`, {
    hint: 'the image is damaged; load or pull it again',
  });
}

/** What a parser or a decompressor throws becomes a KilnError `layer/broken`; anything else stays what it is. */
export function explainBrokenLayer(cause: unknown): unknown {
  if (!(cause instanceof Error) || isKilnError(cause)) return cause;
  const isBroken = cause instanceof ValueError || ('code' in cause && /^(?:Z_|ZSTD_)/.test(String(cause.code)));
  return isBroken ? new KilnError('layer/broken', `the layer is damaged: ${cause.message}`, { cause }) : cause;
}
