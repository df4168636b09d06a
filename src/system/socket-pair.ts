import { lazy } from '../spec/lazy.ts';
import { cFunction, cLibrary } from './c-library.ts';
import { checked } from './system-error.ts';

const socketpairCall = cFunction('int socketpair(int, int, int, _Out_ uint8_t *)');
const unixFamily = 1;
const streamSocket = 1;
const closeOnExec = 0x80000;
const noSignal = 0x4000;
const socketLevel = 1;
const rights = 1;
const controlHeaderSize = 16;

/** Two sockets that are connected with each other, for the caller to close. */
export interface SocketPair {
  readonly one: number;
  readonly other: number;
}

/** socketpair(2) of the Unix family. */
export function openSocketPair(): SocketPair {
  const ends = Buffer.alloc(8);
  checked(socketpairCall(unixFamily, streamSocket | closeOnExec, 0, ends), 'socketpair');
  return { one: ends.readInt32LE(0), other: ends.readInt32LE(4) };
}

interface MessagePart {
  readonly base: Buffer;
  readonly length: number;
}

interface Message {
  readonly name: null;
  readonly nameLength: number;
  readonly parts: readonly MessagePart[];
  readonly partCount: number;
  readonly control: Buffer;
  readonly controlLength: number;
  readonly flags: number;
}

/** sendmsg(2), with `struct msghdr` as 64-bit C libraries have it. */
const sendmsgCall = lazy(() => {
  const { koffi, symbols } = cLibrary();
  const part = koffi.struct({ base: 'uint8_t *', length: 'size_t' });
  const message = koffi.struct({
    name: 'void *',
    nameLength: 'size_t',
    parts: koffi.pointer(part),
    partCount: 'size_t',
    control: 'uint8_t *',
    controlLength: 'size_t',
    flags: 'size_t',
  });
  return symbols.func('sendmsg', 'long', ['int', koffi.pointer(message), 'int']) as (
    socket: number,
    message: Message,
    flags: number,
  ) => number;
});

/**
 * Gives descriptors to the process at the other end of a socket, together with one byte. They stay open here, too.
 * https://man7.org/linux/man-pages/man7/unix.7.html
 */
export function sendDescriptors(socket: number, descriptors: readonly number[]): void {
  const size = controlHeaderSize + descriptors.length * 4;
  const control = Buffer.alloc(Math.ceil(size / 8) * 8);
  control.writeBigUInt64LE(BigInt(size), 0);
  control.writeInt32LE(socketLevel, 8);
  control.writeInt32LE(rights, 12);
  descriptors.forEach((fd, index) => control.writeInt32LE(fd, controlHeaderSize + index * 4));
  const parts = [{ base: Buffer.from('.'), length: 1 }];
  const message = {
    ...{ name: null, nameLength: 0, parts, partCount: 1 },
    ...{ control, controlLength: control.length, flags: 0 },
  };
  checked(sendmsgCall()(socket, message, noSignal), 'sendmsg');
}
