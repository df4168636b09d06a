import { arch } from 'node:process';
import { lazy } from '../spec/lazy.ts';
import { cLibrary } from './c-library.ts';
import { callAside, type FoundFunction } from './call-aside.ts';

/*
 * System calls by the hundred. A call of Node's takes as long on its way to the kernel and back as the kernel takes for an
 * lstat(2), and one that waits on another thread takes ten times that. So calls are written into memory, and a few bytes of
 * machine code make one after the other, on this thread or on another.
 */

/** A call in memory: words of 8 bytes, in this order. */
export const callLayout = {
  /** The number of the system call. */
  number: 0,
  /** Where its first argument is, since that may be what another call returns. */
  firstAt: 8,
  /** Its other arguments, five. */
  others: 16,
  /** A place for the first argument. */
  first: 56,
  /** What it returns: -errno if it fails. */
  result: 64,
  size: 72,
} as const;

/** Makes calls that are in memory. */
export interface CallLoop {
  readonly run: (address: number, count: number) => void;
  /** The same, on another thread. The memory must stay until it is done. */
  readonly runAside: (address: number, count: number) => Promise<void>;
}

/** Numbers of the system calls: [x64, arm64]. */
const numbers = {
  close: [3, 57],
  getdents64: [217, 61],
  llistxattr: [195, 12],
  openat: [257, 56],
  read: [0, 63],
  statx: [332, 291],
  unlinkat: [263, 35],
} as const;

export type CallName = keyof typeof numbers;

/** The number by which the kernel knows a call here. */
export function callNumber(name: CallName): number {
  return numbers[name][arch === 'x64' ? 0 : 1];
}

/** Undefined where there is no machine code for the processor, or where the kernel does not let it be run. */
export const callLoop: () => { readonly loop: CallLoop | undefined } = lazy(() => ({ loop: makeLoop() }));

/** As a function `void loop(calls, count)` of C; `count` is not 0. */
const machineCodes: Readonly<Partial<Record<typeof arch, () => Uint8Array>>> = { x64, arm64 };

function makeLoop(): CallLoop | undefined {
  const code = machineCodes[arch]?.();
  const address = code && executableMemory(code);
  if (address === undefined) return undefined;
  const { koffi } = cLibrary();
  const prototype = koffi.proto('void kiln_call_loop(uintptr_t calls, size_t count)');
  const run = koffi.decode(BigInt(address), prototype) as FoundFunction;
  return {
    run: (calls, count) => {
      run(calls, count);
    },
    runAside: async (calls, count) => {
      await callAside(run, calls, count);
    },
  };
}

const pageSize = 1 << 16;
const protections = { readWrite: 3, readExecute: 5 } as const;
const privateAnonymous = 0x22;

/** The address of a copy that can be run, and no longer be written to. */
function executableMemory(code: Uint8Array): number | undefined {
  const { symbols } = cLibrary();
  const mmap = symbols.func('intptr_t mmap(intptr_t, size_t, int, int, int, long)');
  const mprotect = symbols.func('int mprotect(intptr_t, size_t, int)');
  const memcpy = symbols.func('intptr_t memcpy(intptr_t, const uint8_t *, size_t)');
  const address = Number(mmap(0, pageSize, protections.readWrite, privateAnonymous, -1, 0));
  if (address === -1) return undefined;
  memcpy(address, code, code.length);
  return mprotect(address, pageSize, protections.readExecute) === 0 ? address : undefined;
}

function x64(): Uint8Array {
  // prettier-ignore
  return Uint8Array.from([
    0x53,                   //       push rbx
    0x55,                   //       push rbp
    0x48, 0x89, 0xfb,       //       mov rbx, rdi
    0x48, 0x89, 0xf5,       //       mov rbp, rsi
    0x48, 0x8b, 0x03,       // loop: mov rax, [rbx]
    0x48, 0x8b, 0x7b, 8,    //       mov rdi, [rbx + 8]
    0x48, 0x8b, 0x3f,       //       mov rdi, [rdi]
    0x48, 0x8b, 0x73, 16,   //       mov rsi, [rbx + 16]
    0x48, 0x8b, 0x53, 24,   //       mov rdx, [rbx + 24]
    0x4c, 0x8b, 0x53, 32,   //       mov r10, [rbx + 32]
    0x4c, 0x8b, 0x43, 40,   //       mov r8, [rbx + 40]
    0x4c, 0x8b, 0x4b, 48,   //       mov r9, [rbx + 48]
    0x0f, 0x05,             //       syscall
    0x48, 0x89, 0x43, 64,   //       mov [rbx + 64], rax
    0x48, 0x83, 0xc3, 72,   //       add rbx, 72
    0x48, 0xff, 0xcd,       //       dec rbp
    0x75, 0xd3,             //       jnz loop
    0x5d,                   //       pop rbp
    0x5b,                   //       pop rbx
    0xc3,                   //       ret
  ]);
}

function arm64(): Uint8Array {
  // prettier-ignore
  return new Uint8Array(Uint32Array.from([
    0xaa0003e9, //       mov x9, x0
    0xaa0103ea, //       mov x10, x1
    0xf9400128, // loop: ldr x8, [x9]
    0xf9400520, //       ldr x0, [x9, #8]
    0xf9400000, //       ldr x0, [x0]
    0xa9410921, //       ldp x1, x2, [x9, #16]
    0xa9421123, //       ldp x3, x4, [x9, #32]
    0xf9401925, //       ldr x5, [x9, #48]
    0xd4000001, //       svc #0
    0xf9002120, //       str x0, [x9, #64]
    0x91012129, //       add x9, x9, #72
    0xf100054a, //       subs x10, x10, #1
    0x54fffec1, //       b.ne loop
    0xd65f03c0, //       ret
  ]).buffer);
}
