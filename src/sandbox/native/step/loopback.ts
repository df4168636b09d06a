import type { Program } from '../program/program.ts';
import { descriptors, kernel } from './kernel.ts';

const addressFamilyInternet = 2;
const datagramSocket = 2;
const interfaceUp = 1;

/** Switches the loopback device of a new network on. */
export function startLoopback(program: Program): void {
  const purpose = 'start the loopback device';
  const request = new Uint8Array(40);
  request.set(Buffer.from('lo'));
  request[16] = interfaceUp;
  program.call('socket', [addressFamilyInternet, datagramSocket | kernel.closeOnExec, 0], { purpose });
  program.call('ioctl', [descriptors.scratch, kernel.setInterfaceFlags, program.data(request)], { purpose });
  program.call('close', [descriptors.scratch]);
}
