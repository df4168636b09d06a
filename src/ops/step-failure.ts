import { statfsSync } from 'node:fs';
import { constants } from 'node:os';
import { KilnError } from '../diagnostic/kiln-error.ts';
import type { SandboxResult } from '../sandbox/sandbox.ts';
import { quote } from '../spec/quote.ts';

/** What shells and runtimes add to the number of a signal. */
const signalBase = 128;

/** When a disk is as good as full: programs fail before the last byte and the last file are gone. */
const fewBytes = 1 << 20;
const fewFiles = 8;

/**
 * The error of a step that has failed: how it ended, and the limit that it met, if it did.
 *
 * @param place where the step has written to, if that is known
 */
export function stepFailure(args: readonly string[], result: SandboxResult, place?: string): KilnError {
  const how = result.kind === 'exited' ? `exit code: ${result.code}` : `signal: ${result.signal}`;
  const limit = result.limitMet === undefined ? '' : `: ${result.limitMet}`;
  const signal = result.kind === 'exited' && limit === '' ? signalOf(result.code) : undefined;
  return new KilnError('ops/exit', `process ${quote(args.join(' '))} did not complete successfully: ${how}${limit}`, {
    hint: fullDisk(place) ?? (signal === undefined ? undefined : signalHint(result, signal)),
  });
}

function signalHint(result: SandboxResult, signal: string): string {
  return `${result.kind === 'exited' ? result.code : ''} is what a program ended by ${signal} gives`;
}

/** What programs say of a full disk is not always plain. */
function fullDisk(place: string | undefined): string | undefined {
  if (place === undefined) return undefined;
  const { bavail, bsize, files, ffree } = statfsSync(place);
  // Some file systems do not count their files.
  if (bavail * bsize >= fewBytes && (files === 0 || ffree >= fewFiles)) return undefined;
  return 'the disk of the store is full: make room there, or name another place with --root or KILN_ROOT';
}

/** Of programs that do not choose such codes themselves. */
function signalOf(code: number): string | undefined {
  const named = [
    'SIGILL',
    'SIGTRAP',
    'SIGABRT',
    'SIGBUS',
    'SIGFPE',
    'SIGKILL',
    'SIGSEGV',
    'SIGTERM',
    'SIGXCPU',
    'SIGXFSZ',
    'SIGSYS',
  ];
  return named.find((name) => constants.signals[name as NodeJS.Signals] + signalBase === code);
}
