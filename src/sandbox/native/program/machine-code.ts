import type { Architecture } from './syscall-numbers.ts';

/**
 * A loop that makes system calls, all the machine code that a step begins with. It knows no libc, has no stack and no state but the address
 * of the operation it is at. An operation is ten words of 8 bytes, in this order:
 */
export const operationLayout = {
  /** The number of the system call, then its six arguments. */
  number: 0,
  arguments: 8,
  /** The addresses of the next operation, by the sign of the result. */
  afterPositive: 56,
  afterZero: 64,
  afterError: 72,
  size: 80,
} as const;

export interface MachineCodeAddresses {
  /** The operation to begin with. */
  readonly first: number;
  /** Two words: the address of the operation that failed last, and its result, -errno. Below 4 GiB. */
  readonly failure: number;
}

/** The loop, for one architecture. It is position independent; the addresses are absolute. */
export function machineCode(architecture: Architecture, { first, failure }: MachineCodeAddresses): Uint8Array {
  return architecture === 'x64' ? x64(first, failure) : arm64(first, failure);
}

function x64(first: number, failure: number): Uint8Array {
  const word = (value: number): number[] => [...new Uint8Array(Uint32Array.of(value).buffer)];
  // prettier-ignore
  return Uint8Array.from([
    0xbb, ...word(first),                         //       mov ebx, first
    0x48, 0x8b, 0x03,                             // loop: mov rax, [rbx]
    0x48, 0x8b, 0x7b, 8,                          //       mov rdi, [rbx + 8]
    0x48, 0x8b, 0x73, 16,                         //       mov rsi, [rbx + 16]
    0x48, 0x8b, 0x53, 24,                         //       mov rdx, [rbx + 24]
    0x4c, 0x8b, 0x53, 32,                         //       mov r10, [rbx + 32]
    0x4c, 0x8b, 0x43, 40,                         //       mov r8, [rbx + 40]
    0x4c, 0x8b, 0x4b, 48,                         //       mov r9, [rbx + 48]
    0x0f, 0x05,                                   //       syscall
    0x48, 0x85, 0xc0,                             //       test rax, rax
    0x74, 8,                                      //       jz zero
    0x78, 12,                                     //       js error
    0x48, 0x8b, 0x5b, 56,                         //       mov rbx, [rbx + 56]
    0xeb, 0xd6,                                   //       jmp loop
    0x48, 0x8b, 0x5b, 64,                         // zero: mov rbx, [rbx + 64]
    0xeb, 0xd0,                                   //       jmp loop
    0x48, 0x89, 0x1c, 0x25, ...word(failure),     // error: mov [failure], rbx
    0x48, 0x89, 0x04, 0x25, ...word(failure + 8), //       mov [failure + 8], rax
    0x48, 0x8b, 0x5b, 72,                         //       mov rbx, [rbx + 72]
    0xeb, 0xba,                                   //       jmp loop
  ]);
}

function arm64(first: number, failure: number): Uint8Array {
  /** Two instructions which load 32 bits into a register. */
  const load = (register: number, value: number): number[] => [
    0xd2800000 | ((value & 0xffff) << 5) | register,
    0xf2a00000 | ((value >>> 16) << 5) | register,
  ];
  // prettier-ignore
  return new Uint8Array(Uint32Array.from([
    ...load(19, first),   //       mov x19, first
    0xf9400268,           // loop: ldr x8, [x19]
    0xa9408660,           //       ldp x0, x1, [x19, #8]
    0xa9418e62,           //       ldp x2, x3, [x19, #24]
    0xa9429664,           //       ldp x4, x5, [x19, #40]
    0xd4000001,           //       svc #0
    0xb4000080,           //       cbz x0, zero
    0xb7f800a0,           //       tbnz x0, #63, error
    0xf9401e73,           //       ldr x19, [x19, #56]
    0x17fffff8,           //       b loop
    0xf9402273,           // zero: ldr x19, [x19, #64]
    0x17fffff6,           //       b loop
    ...load(9, failure),  // error: mov x9, failure
    0xa9000133,           //       stp x19, x0, [x9]
    0xf9402673,           //       ldr x19, [x19, #72]
    0x17fffff1,           //       b loop
  ]).buffer);
}
