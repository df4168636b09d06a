import type { Program } from '../program/program.ts';
import { descriptors, kernel } from './kernel.ts';

const signalSetSize = 8;

/** Has the kernel kill the process when its parent dies, also if that was quicker. */
export function callDieWithParent(program: Program): void {
  program.call('prctl', [kernel.setDeathSignal, kernel.signalKill, 0, 0, 0]);
  const poll = program.words([descriptors.lifeline]);
  const noTime = program.words([0, 0]);
  program.call('ppoll', [poll, 1, noTime, 0, 0], {
    positive: () => {
      program.exit(0);
    },
  });
}

/** Ignores a signal, or does not any more. */
export function callSetSignalAction(program: Program, signal: number, handler: number): void {
  const action = program.words([handler, 0, 0, 0]);
  program.call('rt_sigaction', [signal, action, 0, signalSetSize]);
}
