import { createHash, randomBytes } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { ArrivingBlob } from './arriving-blob.ts';
import { TestStore } from './testing.ts';

const bytes = randomBytes(1_000_003);
const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

/** Writes it in pieces, each when it is let. */
function arrive({ store }: TestStore, pieces: AsyncIterable<Uint8Array>) {
  const { blobs } = store;
  const blob = new ArrivingBlob(blobs.path(digest));
  const isThere = blob.follow(blobs.write({ digest }, pieces, blob.grow).then(() => undefined));
  isThere.catch(() => undefined);
  return { blob, isThere };
}

async function* slowly(size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < size; at += 100_000) {
    yield bytes.subarray(at, Math.min(at + 100_000, size));
    await setImmediate();
  }
}

it('A blob that is arriving is read on its way by as many as want to, and ends when the store has it', async () => {
  using test = new TestStore();
  const { blob } = arrive(test, slowly(bytes.length));
  const ends = await Promise.all(
    [1, 2].map(async () => [await collect(blob.content()), test.store.blobs.has(digest)] as const),
  );
  for (const [content, isThere] of ends) {
    expect(content.equals(bytes)).toBe(true);
    expect(isThere).toBe(true);
  }
});

it('A blob that is arriving is shown before all of it is there', async () => {
  using test = new TestStore();
  const gate = Promise.withResolvers<undefined>();
  async function* halted() {
    yield bytes.subarray(0, 10);
    await gate.promise;
    yield bytes.subarray(10);
  }
  const content = arrive(test, halted()).blob.content();
  const first = await content.next();
  expect(Buffer.from(first.value ?? []).equals(bytes.subarray(0, 10))).toBe(true);
  gate.resolve(undefined);
  expect((await collect(content)).equals(bytes.subarray(10))).toBe(true);
});

it('A blob that is arriving can be read when it was moved to where it belongs', async () => {
  using test = new TestStore();
  const { blob, isThere } = arrive(test, slowly(bytes.length));
  await isThere;
  expect((await collect(blob.content())).equals(bytes)).toBe(true);
});

it('A blob that is arriving ends with the error of the one who writes it', async () => {
  using test = new TestStore();
  const { blob, isThere } = arrive(test, slowly(bytes.length - 1));
  await expect(collect(blob.content())).rejects.toThrow('content does not have digest');
  await expect(isThere).rejects.toThrow('content does not have digest');
  await expect(collect(blob.content())).rejects.toThrow('content does not have digest');
});

it('A blob that is arriving and that nobody reads to its end leaves nothing open', async () => {
  using test = new TestStore();
  const { blob, isThere } = arrive(test, slowly(bytes.length));
  for await (const chunk of blob.content()) {
    expect(chunk.length).toBeGreaterThan(0);
    break;
  }
  await isThere;
  expect(test.store.blobs.read(digest).equals(bytes)).toBe(true);
});

async function collect(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const all: Uint8Array[] = [];
  for await (const chunk of chunks) all.push(chunk);
  return Buffer.concat(all);
}
