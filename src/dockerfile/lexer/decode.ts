/** A byte that is not UTF-8 is held as this lone surrogate plus the byte, so that no file loses anything. */
const escapeBase = 0xdc00;

const escaped = /[\udc80-\udcff]/;

/**
 * The text of a file. What is not UTF-8 stays, one lone surrogate (U+DC00 + byte) a byte, and {@link encodeText}
 * gives the same bytes again.
 *
 * @see https://peps.python.org/pep-0383/ for the idea
 */
export function decodeText(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return decodeWithEscapes(bytes);
  }
}

/** The bytes of a decoded text. */
export function encodeText(text: string): Uint8Array {
  if (!escaped.test(text)) return new TextEncoder().encode(text);
  const chunks = text.split(/([\udc80-\udcff])(?<![\ud800-\udbff][\udc80-\udcff])/);
  return Buffer.concat(
    chunks.map((chunk, index) =>
      index % 2 === 1 ? Uint8Array.of(chunk.charCodeAt(0) - escapeBase) : Buffer.from(chunk),
    ),
  );
}

/** Length in bytes of a decoded text. */
export function encodedLength(text: string): number {
  return escaped.test(text) ? encodeText(text).length : Buffer.byteLength(text);
}

function decodeWithEscapes(bytes: Uint8Array): string {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  const parts: string[] = [];
  let valid = 0;
  for (let at = 0; at < bytes.length;) {
    const width = sequenceLength(bytes, at);
    if (width > 0) {
      at += width;
      continue;
    }
    if (at > valid) parts.push(decoder.decode(bytes.subarray(valid, at)));
    parts.push(String.fromCharCode(escapeBase + (bytes[at] ?? 0)));
    valid = ++at;
  }
  parts.push(decoder.decode(bytes.subarray(valid)));
  return parts.join('');
}

/** Bytes of the UTF-8 sequence at an offset; 0 if there is none. The limits are those of the Unicode standard, table 3-7. */
function sequenceLength(bytes: Uint8Array, at: number): number {
  const lead = bytes[at] ?? 0;
  if (lead < 0x80) return 1;
  const length = lead < 0xc2 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 0;
  const second = bytes[at + 1] ?? 0;
  const lowest = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80;
  const highest = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf;
  if (length === 0 || second < lowest || second > highest) return 0;
  for (let index = 2; index < length; index++) if (((bytes[at + index] ?? 0) & 0xc0) !== 0x80) return 0;
  return length;
}
