import { constants } from 'node:os';
import { KilnError } from '../diagnostic/kiln-error.ts';
import type { SandboxResult } from '../sandbox/sandbox.ts';
import { quote } from '../spec/quote.ts';

/** What shells and runtimes add to the number of a signal. */
const signalBase = 128;

/** The error of a step that has failed: how it ended, and the limit that it met, if it did. */
export function stepFailure(args: readonly string[], result: SandboxResult): KilnError {
  const how = result.kind === 'exited' ? `exit code: ${result.code}` : `signal: ${result.signal}`;
  const limit = result.limitMet === undefined ? '' : `: ${result.limitMet}`;
  const signal = result.kind === 'exited' && limit === '' ? signalOf(result.code) : undefined;
  return new KilnError(
    'ops/exit',
    `process ${quote(args.join(' '))} did not complete successfully: ${how}${limit}`,
    signal === undefined
      ? {}
      : { hint: `${result.kind === 'exited' ? result.code : ''} is what a program ended by ${signal} gives` },
  );
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
