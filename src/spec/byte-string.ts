const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * The UTF-8 of a text; a lone surrogate U+DC80..U+DCFF stands for the single byte 0x80..0xFF.
 *
 * Any other lone surrogate becomes U+FFFD. Inverse of {@link fromBytes}.
 */
export function toBytes(text: string): Uint8Array {
  if (text.isWellFormed()) return encoder.encode(text);
  const bytes = new Uint8Array(text.length * 3);
  let length = 0;
  for (const character of text) {
    const code = character.charCodeAt(0);
    if (character.length === 1 && code >= 0xdc80 && code <= 0xdcff) bytes[length++] = code - 0xdc00;
    else length += encoder.encodeInto(character, bytes.subarray(length)).written;
  }
  return bytes.slice(0, length);
}

/** Bytes as text; each byte that is not part of valid UTF-8 becomes the lone surrogate U+DC00 + byte. */
export function fromBytes(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch {
    return decodeLossless(bytes);
  }
}

/** Length of {@link toBytes}, in bytes. */
export function byteLength(text: string): number {
  return toBytes(text).length;
}

function decodeLossless(bytes: Uint8Array): string {
  const out: string[] = [];
  let at = 0;
  while (at < bytes.length) {
    const size = sequenceLength(bytes, at);
    const code = size === 0 ? undefined : codePoint(bytes, at, size);
    out.push(String.fromCodePoint(code ?? 0xdc00 + (bytes[at] ?? 0)));
    at += code === undefined ? 1 : size;
  }
  return out.join('');
}

/** What the lead byte promises; 0 if it cannot lead. */
function sequenceLength(bytes: Uint8Array, at: number): number {
  const lead = bytes[at] ?? 0;
  if (lead < 0x80) return 1;
  if (lead < 0xc2 || lead > 0xf4) return 0;
  if (lead < 0xe0) return 2;
  return lead < 0xf0 ? 3 : 4;
}

function codePoint(bytes: Uint8Array, at: number, size: number): number | undefined {
  const lead = bytes[at] ?? 0;
  if (size === 1) return lead;
  let code = lead & (0x7f >> size);
  for (let index = 1; index < size; index++) {
    const next = bytes[at + index] ?? 0;
    if ((next & 0xc0) !== 0x80) return undefined;
    code = (code << 6) | (next & 0x3f);
  }
  const isSurrogate = code >= 0xd800 && code <= 0xdfff;
  const isOverlong = (size === 3 && code < 0x800) || (size === 4 && code < 0x10000);
  return isSurrogate || isOverlong || code > 0x10ffff ? undefined : code;
}
