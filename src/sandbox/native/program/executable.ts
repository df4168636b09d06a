import { machineCode, operationLayout } from './machine-code.ts';
import type { Architecture } from './syscall-numbers.ts';

/** Where the parts of a program are in memory; below 4 GiB, so that the machine code can be short. */
export const addresses = { code: 0x100_0000, operations: 0x200_0000, data: 0x400_0000 } as const;

/** Largest page size there is; offsets in the file must equal addresses modulo the page size. */
const page = 0x1_0000;
const headerSize = 64;
const segmentHeaderSize = 56;
const codeOffset = headerSize + 4 * segmentHeaderSize;

const machines = { x64: 62, arm64: 183 } as const;
const readable = 4;
const writable = 2;
const executable = 1;

/** A piece of a file, at a place; what is between the pieces is a hole. */
export interface FilePart {
  /** Bytes from the start of the file. */
  readonly position: number;
  readonly bytes: Uint8Array;
}

interface Segment {
  readonly type: number;
  readonly flags: number;
  readonly offset: number;
  readonly address: number;
  readonly size: number;
}

/**
 * A static ELF executable of operations and the data they use.
 * https://refspecs.linuxfoundation.org/elf/gabi4+/contents.html
 */
export function executableFile(
  architecture: Architecture,
  { operations, data }: { readonly operations: Uint8Array; readonly data: Uint8Array },
): readonly FilePart[] {
  const code = machineCode(architecture, { first: addresses.operations, failure: addresses.data });
  const dataOffset = page + Math.ceil(operations.length / page) * page;
  const segments: readonly Segment[] = [
    loaded(readable | executable, 0, { address: addresses.code, size: codeOffset + code.length }),
    loaded(readable | writable, page, { address: addresses.operations, size: operations.length }),
    loaded(readable | writable, dataOffset, { address: addresses.data, size: data.length }),
    // A stack that cannot be executed; nothing uses it.
    { type: 0x6474e551, flags: readable | writable, offset: 0, address: 0, size: 0 },
  ];
  const start = new Uint8Array(codeOffset + code.length);
  writeHeader(new DataView(start.buffer), machines[architecture]);
  segments.forEach((segment, index) => {
    writeSegment(new DataView(start.buffer, headerSize + index * segmentHeaderSize), segment);
  });
  start.set(code, codeOffset);
  return [
    { position: 0, bytes: start },
    { position: page, bytes: operations },
    { position: dataOffset, bytes: data },
  ];
}

/** How many operations fit between the addresses. */
export const mostOperations = Math.floor((addresses.data - addresses.operations) / operationLayout.size);

function loaded(flags: number, offset: number, where: { readonly address: number; readonly size: number }): Segment {
  return { type: 1, flags, offset, ...where };
}

function writeHeader(view: DataView, machine: number): void {
  view.setUint32(0, 0x7f454c46);
  // 64 bits, little endian, version 1.
  view.setUint32(4, 0x02010100);
  view.setUint16(16, 2, true);
  view.setUint16(18, machine, true);
  view.setUint32(20, 1, true);
  view.setUint32(24, addresses.code + codeOffset, true);
  view.setUint32(32, headerSize, true);
  view.setUint16(52, headerSize, true);
  view.setUint16(54, segmentHeaderSize, true);
  view.setUint16(56, 4, true);
}

function writeSegment(view: DataView, { type, flags, offset, address, size }: Segment): void {
  view.setUint32(0, type, true);
  view.setUint32(4, flags, true);
  view.setUint32(8, offset, true);
  view.setUint32(16, address, true);
  view.setUint32(24, address, true);
  view.setUint32(32, size, true);
  view.setUint32(40, size, true);
  view.setUint32(48, page, true);
}
