import { dataOf, fileNameOf, locationOf } from '../format/buildkit-json.ts';
import type { BuildEvent, LogEvent, TransferEvent, VertexStatus, WarningEvent } from '../../progress/build-event.ts';
import { formatTimestamp } from '../../progress/clock.ts';
import type { Progress, ProgressOptions } from './progress.ts';

/**
 * A line of JSON an event on standard error, as BuildKit's `SolveStatus` is written; nothing gathers.
 *
 * @see https://github.com/moby/buildkit/blob/master/client/graph.go
 */
export function rawJsonProgress({ terminal }: ProgressOptions): Progress {
  return {
    sink: (event) => {
      terminal.err(`${JSON.stringify(solveStatus(event))}\n`);
    },
    finish: () => undefined,
  };
}

/** The event as Go's JSON has it: what is empty is left out. */
function solveStatus(event: BuildEvent) {
  switch (event.kind) {
    case 'vertex':
      return { vertexes: [vertexJson(event.vertex)] };
    case 'status':
      return { statuses: [transferJson(event)] };
    case 'log':
      return { logs: [logJson(event)] };
    case 'warning':
      return { warnings: [warningJson(event)] };
  }
}

function vertexJson({ digest, inputs, name, started, completed, cached, error, progressGroup: group }: VertexStatus) {
  return {
    digest,
    inputs: inputs.length === 0 ? undefined : inputs,
    name: name === '' ? undefined : name,
    started: timestamp(started),
    completed: timestamp(completed),
    cached: cached || undefined,
    error,
    progressGroup: group && { id: group.id, name: group.name, weak: group.weak || undefined },
  };
}

function transferJson({ id, vertex, name, total = 0, current, time, started, completed }: TransferEvent) {
  return {
    id,
    vertex,
    name,
    total: total === 0 ? undefined : total,
    current,
    timestamp: timestamp(time),
    started: timestamp(started),
    completed: timestamp(completed),
  };
}

function logJson({ vertex, stream, data, time }: LogEvent) {
  return { vertex, stream, data: base64(data), timestamp: timestamp(time) };
}

function warningJson({ vertex, level, short, detail, url, source, lines }: WarningEvent) {
  return {
    vertex,
    level: level === 0 ? undefined : level,
    short: base64(short),
    detail: detail.length === 0 ? undefined : detail.map(base64),
    url,
    sourceInfo: source && { filename: fileNameOf(source), data: dataOf(source), language: 'Dockerfile' },
    range: locationOf(lines).ranges,
  };
}

function timestamp(time: number | undefined): string | undefined {
  return time === undefined ? undefined : formatTimestamp(time);
}

function base64(data: string | Uint8Array): string {
  return Buffer.from(data).toString('base64');
}
