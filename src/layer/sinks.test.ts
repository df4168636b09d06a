import { randomFillSync } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { blockSize } from './spare-blocks.ts';
import { openSink } from './open-sink.ts';

it.each(['gzip', 'zstd', 'none'] as const)(
  'A sink of %s ends with the error of what cannot be written',
  async (kind) => {
    for (let count = 0; count < 10; count++) {
      let writes = 0;
      const sink = openSink({ kind, level: undefined }, async () => {
        await setTimeout(count % 3);
        if (++writes > count % 5) throw new Error('the disk is full');
      });
      const fill = async () => {
        for (let blocks = 0; blocks < 2 + (count % 7); blocks++) {
          const block = await sink.take();
          sink.put(randomFillSync(block), blockSize);
        }
        await sink.finish();
      };
      // Of what is not compressed, so many blocks may be written as there are.
      const ended = await fill().then(() => 'ended', String);
      if (writes > count % 5) expect(ended).toBe('Error: the disk is full');
    }
  },
);
