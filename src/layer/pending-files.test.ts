import { closeSync, mkdirSync, openSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import fc from 'fast-check';
import { afterAll, beforeEach, expect, it } from 'vitest';
import { BlockPool, type BlockSink } from './block-sink.ts';
import { BlockWriter } from './block-writer.ts';
import type { OpenableContent } from '../spec/tar/layer-entry.ts';
import { fileSummary } from '../system/file-summary.ts';
import { TestFolder } from './testing.ts';

const folder = new TestFolder();
afterAll(() => {
  folder[Symbol.dispose]();
});
beforeEach(() => {
  rmSync(folder.path, { recursive: true });
  mkdirSync(folder.path);
});

/** Keeps what it is given. */
class KeepingSink implements BlockSink {
  readonly #pool = new BlockPool(2);
  readonly #parts: Buffer[] = [];

  take(): Buffer | Promise<Buffer> {
    return this.#pool.take();
  }

  put(block: Buffer, length: number): void {
    this.#parts.push(Buffer.from(block.subarray(0, length)));
    this.#pool.release(block);
  }

  bytes(): Buffer {
    return Buffer.concat(this.#parts);
  }
}

function pendingFile(name: string, summary?: number): OpenableContent {
  const path = folder.join(name);
  return { kind: 'file', path, isSparse: false, open: () => openSync(path, 'r'), verify: () => undefined, summary };
}

const isZero = (bytes: Buffer) => bytes.every((byte) => byte === 0);

it('Files that are read later come to where they belong, among what is written at once', async () => {
  const part = fc.oneof(
    {
      weight: 5,
      arbitrary: fc.record({ isFile: fc.boolean(), size: fc.nat(3000), count: fc.integer({ min: 1, max: 400 }) }),
    },
    fc.record({ isFile: fc.boolean(), size: fc.nat(400_000), count: fc.integer({ min: 1, max: 5 }) }),
  );
  let later = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(part, { maxLength: 12 }), async (parts) => {
      const sink = new KeepingSink();
      const writer = new BlockWriter(sink);
      const expected: Buffer[] = [];
      for (const [number, { isFile, size, count }] of parts.entries()) {
        const bytes = Buffer.alloc(size, number % 3 === 0 ? '\0' : `part ${number} `);
        writeFileSync(folder.join(`${number}`), bytes);
        const summary = fileSummary(statSync(folder.join(`${number}`), { bigint: true }));
        for (let n = 0; n < count; n++) {
          expected.push(bytes);
          const content = pendingFile(`${number}`, n % 2 === 0 ? undefined : summary);
          if (isFile && writer.readLater(content, { path: '', size })) later++;
          else if (isZero(bytes)) await writer.zeros(size);
          else await writer.write(bytes);
        }
      }
      await writer.end();
      expect(sink.bytes().equals(Buffer.concat(expected))).toBe(true);
      expect(writer.size).toBe(sink.bytes().length);
    }),
    { numRuns: 40 },
  );
  expect(later).toBeGreaterThan(500);
});

it('A file that is another one by then, or shorter, is read again, and what is wrong with it is told', async () => {
  const write = async (name: string, summary?: number) => {
    const writer = new BlockWriter(new KeepingSink());
    await writer.write(Buffer.from('begin '));
    expect(writer.readLater(pendingFile(name, summary), { path: name, size: 6 })).toBe(true);
    await writer.end();
  };
  writeFileSync(folder.join('whole'), 'whole.');
  await write('whole');
  await write('whole', 1);
  writeFileSync(folder.join('short'), 'short.');
  truncateSync(folder.join('short'), 5);
  await expect(write('short')).rejects.toThrow('short became shorter while it was being read');
  await expect(write('missing')).rejects.toThrow('ENOENT');
});

it('A writer ends with the error of a file, however many blocks follow', async () => {
  const writer = new BlockWriter(new KeepingSink());
  const fd = openSync('/dev/zero', 'r');
  const fill = async () => {
    await writer.write(Buffer.from('begin '));
    expect(writer.readLater(pendingFile('missing'), { path: 'missing', size: 6 })).toBe(true);
    for (let n = 0; n < 20; n++) await writer.copyFile(fd, 3_000_000);
    await writer.end();
  };
  await expect(fill()).rejects.toThrow('ENOENT');
  closeSync(fd);
});
