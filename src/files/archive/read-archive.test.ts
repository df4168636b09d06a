import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { Folders } from '../testing.ts';
import { readArchive } from './read-archive.ts';

/* A tar with 70000 times `a` and with every byte, by bzip2 in two streams, and by xz. */
const bzip2 = Buffer.from(
  [
    'QlpoMTFBWSZTWUfkgJEAADfbiPEAQAB3AAACYAEeAAACCAggAEhppJ5TamygZAlFDTExNGPU5cKEjqVlsF0IBwrlBYhBSoGtNXlu',
    'Io3V45cTAvwYy4xp1wsqE3YNi7kinChII/JASIBCWmg5MUFZJlNZAiMh0QABK3//////////////////////////////////////',
    '//////+wARmsSAAAAAAmAAAATATCYAAAAAAAEwAABoAmAAAAAA0AAEwBMAAAAAAQaZDQBMAAAJgAaNAAATAjCMAAjAAABMAAAAAT',
    'AACYBMAAAmTAAAAAATANKhNI0xMTJiGmTBNMg0wmjaRiZMJiNDI0xDAj1NDACaBppggwmhkaZAAYTTCMAAEyGTQAZGCDJhMRppky',
    'ZMZ/V6QwaABDJNgERBaMQC2cXMqcMHpAiGGgmhl0IyhohnMIqNmUdISc1m84lZ1LTM8mpyeoKOfUtApqmhTdFo9Iq6U2rK6ws6Za',
    '0+oWziEqESAsmQQczRBiCBNAAQIFBnIJCCAgAETAAwochoiKjI6QkpSWmJqcn/JQUVJTVFX5/RWV1hZ+v2Wm/bbfcODi5KTmrOjr',
    'uTboACAAXzoIAgADp0yCBAAbt23h5vW1ub3BxcnN0dXZ3FXh6d3z+AAYcGQt8Gn0Nfn+AgYKDhIWGh4iJiouMjY6PMgBDISMlJyk',
    'rLS/9mJmam5ydnp+goaKjpKWmp6ipqqusra6vsLGys7S1tre4ubq7vE4CBvb6/wMHCw8TFxsfIycrLzP9m52foaOlp6mr/9bX2Nn',
    'a29zd3t/g4eLj5OXm5+jp6uvs7e7v8HbD/f8xMX+42UIAgvgAgAMfp/7Iyf+LuSKcKEgBEZDog==',
  ].join(''),
  'base64',
);

const xz = Buffer.from(
  [
    '/Td6WFoAAATm1rRGAgAhARYAAAB0L+Wj4T//AYJdADkdSfj8pOMBzEAy2HG3Za5EVryMXnNh9ZOj5di7CaWQtAXlNP8nsLW1CiHh',
    'DE82Mpo084lptEksHm43ZcdpnX/ugvMIPjlJyZHTPAMyG9IVnVYoSRWydZ9e9wXV4fjbLwA4FJBYUZYD9RA8zFuYjm7txrSqdHyK',
    '1acSRdcosb/t2Qe6tETfcP2rhGpusnfqoiwpBRWxnn2OzFzRBM65xUECaz03i3ZampBCd7STDB4HIUJuG36klcff63tQDVXiRc2r',
    'Ia/cHwL2gj3usQC/8qXSuemo1GuOOWHQOrz5K7mIIRK0rymysPEsny8G44E1Lv2SFBYnPxUkRUmwVvPaag0knTpQ54W58XPUxPU1',
    'YoJrjfzkIDPq4LUOm/wOHL/r/wJvqlz+qTzb0zAMENiHyivaKSi2bddPjnG9uK3ZsTuqnV7UZv2SC/CIQcSZG8uCvjaaGYARN3nA',
    'oxJInfMQ79rv0eZxuZGHuIELI8ASiVS5RcTDk46Af9VvrhfZKcGA27sAAAAA6SRd8WxKdFoAAZ4DgIAFAMCAgtKxxGf7AgAAAAAE',
    'WVo=',
  ].join(''),
  'base64',
);

const zstdSkippable = Buffer.from([0x50, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3]);

async function read(path: string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of readArchive(path)) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

async function readBytes(bytes: Uint8Array): Promise<Buffer> {
  using folders = new Folders();
  const path = join(folders.path, 'archive');
  writeFileSync(path, bytes);
  return await read(path);
}

describe('readArchive', () => {
  it.each([
    ['bzip2', bzip2],
    ['xz', xz],
  ])('decompresses %s', async (_, bytes) => {
    const tar = await readBytes(bytes);
    expect(tar).toHaveLength(80 * 1024);
    expect(tar.subarray(0, 4).toString('latin1')).toBe('run\0');
    expect(tar.subarray(512, 512 + 70_000).equals(Buffer.alloc(70_000, 'a'))).toBe(true);
    const bytesAt = 512 + 70_144 + 512;
    expect(tar.subarray(bytesAt, bytesAt + 256)).toEqual(Buffer.from(Array.from({ length: 256 }, (_, byte) => byte)));
  });

  it('decompresses all members of gzip and all frames of zstd', async () => {
    const parts = [Buffer.alloc(300_000, 'one'), Buffer.alloc(5, 'two')];
    const whole = Buffer.concat(parts);
    const members = await readBytes(Buffer.concat(parts.map((part) => gzipSync(part))));
    expect(members.equals(whole)).toBe(true);
    const frames = parts.map((part) => zstdCompressSync(part));
    const unpacked = await readBytes(Buffer.concat([zstdSkippable, ...frames, zstdSkippable]));
    expect(unpacked.equals(whole)).toBe(true);
  });

  it('leaves everything else as it is', async () => {
    expect(await readBytes(Buffer.from('BZ'))).toEqual(Buffer.from('BZ'));
    expect(await readBytes(Buffer.alloc(0))).toEqual(Buffer.alloc(0));
  });

  it.each([
    ['bzip2', bzip2.subarray(0, 400), 'unexpected end of bzip2 data'],
    ['xz', xz.subarray(0, 200), 'the xz data is damaged or not complete'],
    ['gzip', gzipSync(Buffer.alloc(99, 'x')).subarray(0, 20), 'unexpected end of file'],
    ['zstd', zstdCompressSync(readFileSync(import.meta.filename)).subarray(0, 60), 'unexpected end'],
  ])('notices that %s is cut off', async (_, bytes, message) => {
    await expect(readBytes(bytes)).rejects.toThrow(message);
  });

  it('notices bits of bzip2 that turned', async () => {
    let noticed = 0;
    for (let at = 4; at < bzip2.length; at += 7) {
      const turned = Buffer.from(bzip2);
      turned[at] = (turned[at] ?? 0) ^ 4;
      await readBytes(turned).catch(() => noticed++);
    }
    expect(noticed).toBe(Math.ceil((bzip2.length - 4) / 7));
  });
});
