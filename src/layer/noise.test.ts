import { createHash, randomBytes } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { BlockWriter } from './block-writer.ts';
import { findNoise } from './noise.ts';
import { openSink } from './open-sink.ts';

const kilobyte = 1 << 10;

it('What was compressed before is told from what repeats, is text, or has records', () => {
  const isNoise = (bytes: Uint8Array) => findNoise(bytes.subarray(0, 64 * kilobyte)).every((part) => part.isNoise);
  const piece = randomBytes(5 * kilobyte);
  const samples = new Float32Array(16 * kilobyte).map((_, index) => Math.sin(index / 7) * index);
  const counter = new Uint32Array(16 * kilobyte).map((_, index) => index * 65_537);
  expect(isNoise(randomBytes(64 * kilobyte))).toBe(true);
  expect(isNoise(Buffer.concat(Array.from({ length: 13 }, () => piece)))).toBe(false);
  expect(isNoise(Buffer.from(randomBytes(64 * kilobyte).toString('base64')))).toBe(false);
  expect(isNoise(new Uint8Array(64 * kilobyte).map((_, index) => index))).toBe(false);
  expect(isNoise(new Uint8Array(samples.buffer))).toBe(false);
  expect(isNoise(new Uint8Array(counter.buffer))).toBe(false);
});

it('What is found covers a block without gaps, and a short rest is tried', () => {
  const text = Buffer.alloc(64 * kilobyte, 'some text ');
  const block = Buffer.concat([text, randomBytes(128 * kilobyte), text, randomBytes(10)]);
  expect(findNoise(block)).toEqual([
    { start: 0, end: 64 * kilobyte, isNoise: false },
    { start: 64 * kilobyte, end: 192 * kilobyte, isNoise: true },
    { start: 192 * kilobyte, end: 256 * kilobyte + 10, isNoise: false },
  ]);
  expect(findNoise(Buffer.alloc(0))).toEqual([]);
});

it.each([1, 5, 9])(
  'Noise among other content comes back as it was, the same bytes each time, at level %i',
  async (level) => {
    const text = Buffer.from(Array.from({ length: 40_000 }, (_, line) => `line ${line}\n`).join(''));
    const content = Buffer.concat([
      text.subarray(0, 100_000),
      deterministicNoise(700_000),
      text,
      deterministicNoise(3_000_000),
      text.subarray(0, 5),
    ]);
    const [first, second] = [await gzip(content, level), await gzip(content, level)];
    expect(gunzipSync(first).equals(content)).toBe(true);
    expect(second.equals(first)).toBe(true);
    expect(first.length).toBeLessThan(3_700_000 * 1.002 + text.length / 2);
  },
);

async function gzip(content: Buffer, level: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  const sink = openSink({ kind: 'gzip', level }, async (chunk) => {
    chunks.push(Buffer.from(chunk));
    await setTimeout(Math.random() * 3);
  });
  const writer = new BlockWriter(sink);
  await writer.write(content);
  await writer.end();
  await sink.finish();
  return Buffer.concat(chunks);
}

function deterministicNoise(size: number): Buffer {
  return createHash('shake256', { outputLength: size }).update(String(size)).digest();
}
