import { randomBytes } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { setTimeout } from 'node:timers/promises';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decompress } from '../content/decompress.ts';
import { BlockWriter } from './block-writer.ts';
import { openSink } from './open-sink.ts';

const segment = 1 << 16;
const noise = randomBytes(20 * segment);
const text = Buffer.from(Array.from({ length: 600_000 }, (_, line) => `line ${line * 7}\n`).join(''));

async function compress(content: Uint8Array, level: number, pause: () => number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  const sink = openSink({ kind: 'zstd', level }, async (chunk) => {
    chunks.push(Buffer.from(chunk));
    const time = pause();
    if (time > 0) await setTimeout(time);
  });
  const writer = new BlockWriter(sink);
  await writer.write(content);
  await writer.end();
  await sink.finish();
  return Buffer.concat(chunks);
}

async function content(compressed: Buffer): Promise<Buffer> {
  const source = (async function* () {
    yield* await Promise.resolve([compressed]);
  })();
  const found = await decompress(source);
  expect(found.compression).toBe('zstd');
  return buffer(found.content);
}

it('What is compressed to several frames comes back as it was, whatever is noise in it and however slow the disk is', async () => {
  const part = fc.tuple(
    fc.boolean(),
    fc.oneof(
      fc.nat(3 * segment),
      fc.nat(80).map((count) => count * segment),
    ),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(part, { maxLength: 5 }), fc.constantFrom(1, 3, 9), async (parts, level) => {
      const bytes = Buffer.concat(parts.map(([isNoise, size]) => (isNoise ? noise : text).subarray(0, size)));
      const compressed = await compress(bytes, level, () => 0);
      expect((await content(compressed)).equals(bytes)).toBe(true);
      let writes = 0;
      expect((await compress(bytes, level, () => (++writes % 3 === 0 ? 2 : 0))).equals(compressed)).toBe(true);
    }),
    { numRuns: 15 },
  );
});
