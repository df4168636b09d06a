import { lazy } from '../../spec/lazy.ts';
import { ValueError } from '../../spec/value-error.ts';
import { atoi } from './integer.ts';

const realTimeFirst = 34;
const realTimeLast = 64;

/** Those of Linux on every processor but MIPS and Alpha. */
const numbers = lazy(
  (): ReadonlyMap<string, number> =>
    new Map([
      ...Object.entries({ HUP: 1, INT: 2, QUIT: 3, ILL: 4, TRAP: 5, ABRT: 6, IOT: 6, BUS: 7, FPE: 8, KILL: 9 }),
      ...Object.entries({ USR1: 10, SEGV: 11, USR2: 12, PIPE: 13, ALRM: 14, TERM: 15, STKFLT: 16, CHLD: 17, CLD: 17 }),
      ...Object.entries({ CONT: 18, STOP: 19, TSTP: 20, TTIN: 21, TTOU: 22, URG: 23, XCPU: 24, XFSZ: 25, VTALRM: 26 }),
      ...Object.entries({ PROF: 27, WINCH: 28, IO: 29, POLL: 29, PWR: 30, SYS: 31 }),
      ['RTMIN', realTimeFirst],
      ...Array.from({ length: 15 }, (_, index) => [`RTMIN+${index + 1}`, realTimeFirst + index + 1] as const),
      ...Array.from({ length: 14 }, (_, index) => [`RTMAX-${index + 1}`, realTimeLast - index - 1] as const),
      ['RTMAX', realTimeLast],
    ]),
);

/**
 * The number of a signal on Linux, by number or by name, in any letter case and with or without `SIG`.
 *
 * Any number but 0 is taken. Throws a {@link ValueError}.
 *
 * @see https://pkg.go.dev/github.com/moby/sys/signal#ParseSignal
 */
export function parseSignal(text: string): number {
  const number = parseNumber(text) ?? numbers().get(text.toUpperCase().replace(/^SIG/, ''));
  if (number === undefined || number === 0) throw new ValueError(`invalid signal: ${text}`);
  return number;
}

function parseNumber(text: string): number | undefined {
  try {
    return atoi(text);
  } catch (error) {
    if (error instanceof ValueError) return undefined;
    throw error;
  }
}
