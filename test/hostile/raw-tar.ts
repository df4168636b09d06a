import { Buffer } from 'node:buffer';

/** The fields of a header. Bytes go as they are, wherever they fit; what is absent is usual. */
export interface RawHeader {
  readonly name?: string | Uint8Array;
  readonly type?: string;
  readonly size?: number | Uint8Array;
  readonly mode?: number;
  readonly uid?: number | Uint8Array;
  readonly gid?: number;
  readonly mtime?: number | Uint8Array;
  readonly target?: string;
  readonly major?: number | Uint8Array;
  readonly minor?: number;
  readonly checksum?: number;
  /** What else is written, by offset. */
  readonly more?: Readonly<Record<number, Uint8Array | string>>;
}

/** A header block, whether it makes sense or not. */
export function rawHeader(header: RawHeader): Buffer {
  const { name = '', type = '0', size = 0, mode = 0o644, uid = 0, gid = 0, mtime = 1, target = '' } = header;
  const { major = 0, minor = 0, checksum, more = {} } = header;
  const block = Buffer.alloc(512);
  const put = (offset: number, length: number, value: string | Uint8Array): void => {
    block.set(Buffer.from(value).subarray(0, length), offset);
  };
  const number = (offset: number, length: number, value: number | Uint8Array): void => {
    put(offset, length, typeof value === 'number' ? `${value.toString(8).padStart(length - 1, '0')}\0` : value);
  };
  put(0, 100, name);
  number(100, 8, mode);
  number(108, 8, uid);
  number(116, 8, gid);
  number(124, 12, size);
  number(136, 12, mtime);
  put(156, 1, type);
  put(157, 100, target);
  put(257, 8, 'ustar\x0000');
  number(329, 8, major);
  number(337, 8, minor);
  for (const [offset, value] of Object.entries(more)) put(Number(offset), 512, value);
  put(148, 8, ' '.repeat(8));
  const sum = checksum ?? block.reduce((total, byte) => total + byte, 0);
  put(148, 8, `${sum.toString(8).padStart(6, '0')}\0 `);
  return block;
}

/** A header and what follows it; its size is that of the content if nothing is said. */
export function raw(header: RawHeader, content: string | Uint8Array = ''): Buffer {
  const bytes = Buffer.from(content);
  return Buffer.concat([rawHeader({ size: bytes.length, ...header }), bytes, Buffer.alloc(-bytes.length & 511)]);
}

export const file = (name: string | Uint8Array, content = 'x', more: RawHeader = {}): Buffer =>
  raw({ name, ...more }, content);
export const directory = (name: string, more: RawHeader = {}): Buffer =>
  raw({ name: `${name}/`, type: '5', mode: 0o755, ...more });
export const symlink = (name: string, target: string): Buffer => long({ name, type: '2', target });
export const hardLink = (name: string, target: string): Buffer => long({ name, type: '1', target });

/** An extended header. A text as `records` goes as it is. */
export function pax(records: Readonly<Record<string, string>> | string, type = 'x'): Buffer {
  const text = typeof records === 'string' ? records : Object.entries(records).map(paxRecord).join('');
  return raw({ name: 'PaxHeaders/x', type }, text);
}

export function paxRecord([key, value]: readonly [string, string]): string {
  const rest = Buffer.byteLength(` ${key}=${value}\n`);
  let length = rest + 1;
  while (String(length).length + rest !== length) length = String(length).length + rest;
  return `${length} ${key}=${value}\n`;
}

/** Names that are too long for a header go before it. */
function long(header: RawHeader & { readonly name: string; readonly target: string }): Buffer {
  const records = { ...(header.name.length > 100 && { path: header.name }), linkpath: header.target };
  return Buffer.concat([
    ...(header.target.length > 100 || header.name.length > 100 ? [pax(records)] : []),
    raw(header),
  ]);
}

/** A whole archive. */
export function tarOf(...parts: readonly Uint8Array[]): Buffer {
  return Buffer.concat([...parts, Buffer.alloc(1024)]);
}

/** GNU's form of numbers that are too large, or negative. */
export function base256(value: bigint, length = 12): Buffer {
  const bytes = Buffer.alloc(length);
  let left = BigInt.asUintN(length * 8, value);
  for (let at = length - 1; at >= 0; at--, left >>= 8n) bytes[at] = Number(left & 0xffn);
  bytes[0] = (bytes[0] ?? 0) | 0x80;
  return bytes;
}
