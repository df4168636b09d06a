import { describe, expect, it } from 'vitest';
import { defaultUnpackLimits, ratioFloor, readUnpackLimits, UnpackMeter } from './unpack-limits.ts';

const limits = { bytes: 1000, ratio: 10, entries: 3 };

async function* sizes(...lengths: readonly number[]): AsyncGenerator<Uint8Array> {
  // What is counted is the length alone.
  for (const length of lengths) yield await Promise.resolve({ length } as Uint8Array);
}

async function drain(chunks: AsyncGenerator): Promise<void> {
  while ((await chunks.next()).done !== true);
}

describe('the limits of an environment', () => {
  it('are the default ones if it has none', () => {
    expect(readUnpackLimits({ KILN_UNPACK_RATIO: '' })).toEqual(defaultUnpackLimits);
  });

  it('are numbers, with units, or none at all', () => {
    const env = { KILN_UNPACK_BYTES: '3g', KILN_UNPACK_RATIO: '0', KILN_UNPACK_ENTRIES: '20K' };
    expect(readUnpackLimits(env)).toEqual({ bytes: 3 * 2 ** 30, ratio: Infinity, entries: 20_480 });
  });

  it.each(['much', '-1', '1.5', '1e9', '9'.repeat(20)])('are not %j', (text) => {
    expect(() => readUnpackLimits({ KILN_UNPACK_ENTRIES: text })).toThrow(`invalid KILN_UNPACK_ENTRIES "${text}"`);
  });
});

describe('a meter', () => {
  it('counts entries', () => {
    const meter = new UnpackMeter(limits);
    for (let count = 0; count < 3; count++) meter.entry();
    expect(() => {
      meter.entry();
    }).toThrow(
      expect.objectContaining({
        code: 'system/unpack-limit',
        message: 'the archive is not unpacked: it has more than 3 files and directories',
        hint: 'if it is meant well, set KILN_UNPACK_ENTRIES to a higher limit, or to 0 for none',
      }),
    );
  });

  it('counts the bytes of all files', () => {
    const meter = new UnpackMeter(limits);
    meter.entry(600);
    expect(() => {
      meter.entry(401);
    }).toThrow('it has files of more than 1000 bytes');
  });

  it('compares what comes out with what went in, from a length on that does harm', async () => {
    const meter = new UnpackMeter(limits);
    meter.addPacked(100);
    await drain(meter.unpacked(sizes(ratioFloor)));
    await expect(drain(meter.unpacked(sizes(1)))).rejects.toThrow('it is more than 10 times as long as it is packed');
  });

  it('does not wait for what says that it is too long', () => {
    const meter = new UnpackMeter({ ...limits, bytes: Infinity }, 100);
    expect(() => {
      meter.entry(ratioFloor + 1, ratioFloor + 1);
    }).toThrow('it is more than 10 times as long as it is packed');
    // Holes take no room.
    new UnpackMeter({ ...limits, bytes: Infinity }, 100).entry(ratioFloor + 1, 10);
  });
});
