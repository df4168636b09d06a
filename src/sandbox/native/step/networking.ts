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

/** Enters a namespace of networks, while there is a way to the files of the host. */
export function joinNetwork(program: Program, path: string): void {
  const purpose = 'enter the network of steps';
  program.call('openat', [kernel.currentFolder, program.text(path), kernel.closeOnExec, 0], { purpose });
  program.call('setns', [descriptors.hostRoot, kernel.cloneNewNetwork], { purpose });
  program.call('close', [descriptors.hostRoot]);
}
