import type { BuildEvent, TransferEvent, VertexStatus } from '../../progress/build-event.ts';
import type { Terminal, TerminalSize } from '../terminal.ts';
import type { ProgressOptions } from './progress.ts';

/* For tests: a terminal that keeps what is written to it, and a clock that stands still until it is told to move. */

/** What progress is shown on, and what has been written to it. */
export interface RecordingOptions extends ProgressOptions {
  readonly out: () => string;
  readonly err: () => string;
  /** Moves the clock on, in milliseconds. */
  readonly wait: (milliseconds: number) => void;
  readonly now: () => number;
}

/** Options for progress whose output is kept; the time is 1000 s after the epoch. */
export function recordingOptions(
  window?: TerminalSize,
  { color = false, debug = false }: { readonly color?: boolean; readonly debug?: boolean } = {},
): RecordingOptions {
  const written: { readonly [stream in 'out' | 'err']: Buffer[] } = { out: [], err: [] };
  let time = 1_000_000;
  const terminal: Terminal = {
    out: (output) => written.out.push(Buffer.from(output)),
    err: (output) => written.err.push(Buffer.from(output)),
    stdin: () => new Uint8Array(),
    outColor: color,
    errColor: color,
    isOutTerminal: () => false,
    errWindow: () => window,
  };
  return {
    terminal,
    clock: () => time,
    debug,
    out: () => Buffer.concat(written.out).toString(),
    err: () => Buffer.concat(written.err).toString(),
    wait: (milliseconds) => {
      time += milliseconds;
    },
    now: () => time,
  };
}

/** An event about a vertex whose digest is its name. */
export function vertexEvent(name: string, more: Partial<VertexStatus> = {}): BuildEvent {
  return { kind: 'vertex', vertex: { digest: name, name, inputs: [], cached: false, ...more } };
}

/** A vertex that prints. */
export function logEvent(vertex: string, text: string, time: number): BuildEvent {
  return { kind: 'log', vertex, stream: 1, data: Buffer.from(text), time };
}

/** A transfer that has begun. */
export function transferEvent(vertex: string, id: string, more: Partial<TransferEvent>): BuildEvent {
  return { kind: 'status', vertex, id, current: 0, time: 1_000_000, started: 1_000_000, ...more };
}
