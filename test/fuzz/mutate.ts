import type { Random } from './random.ts';

/** What programs trip over. */
const odd = [0, 1, 0x20, 0x2e, 0x2f, 0x30, 0x37, 0x39, 0x5c, 0x7f, 0x80, 0xc3, 0xff];

/** Some bytes with a few of them changed, removed, doubled or moved; or with a part of others. `words` are put in now and then. */
export function mutate(bytes: Uint8Array, random: Random, words: readonly Uint8Array[]): Buffer<ArrayBuffer> {
  let result = Buffer.from(bytes);
  for (let left = 1 + random.below(8); left > 0; left--) result = mutateOnce(result, random, words);
  return result;
}

function mutateOnce(bytes: Buffer<ArrayBuffer>, random: Random, words: readonly Uint8Array[]): Buffer<ArrayBuffer> {
  const at = random.below(bytes.length + 1);
  const end = Math.min(bytes.length, at + 1 + random.below(random.below(4) === 0 ? 600 : 8));
  const [before, here, after] = [bytes.subarray(0, at), bytes.subarray(at, end), bytes.subarray(end)];
  switch (random.below(9)) {
    case 0:
      if (bytes.length > 0) bytes[at % bytes.length] = random.below(256);
      return bytes;
    case 1:
      if (bytes.length > 0) bytes[at % bytes.length] = random.of(odd);
      return bytes;
    case 2:
      if (bytes.length > 0) bytes[at % bytes.length] = (bytes[at % bytes.length] ?? 0) ^ (1 << random.below(8));
      return bytes;
    case 3:
      return Buffer.concat([before, after]);
    case 4:
      return Buffer.concat([before, here, here, after]);
    case 5:
      return Buffer.concat([before, ...Array.from({ length: 1 + random.below(50) }, () => here), after]);
    case 6:
      return random.below(4) === 0 ? Buffer.from(before) : Buffer.concat([after, here, before]);
    case 7:
      return Buffer.concat([before, random.of(words), after]);
    default:
      return Buffer.concat([before, random.of(words), bytes.subarray(Math.min(bytes.length, at + random.below(40)))]);
  }
}
