import type { HealthcheckConfig } from '../../spec/image-config.ts';
import { quote } from '../../spec/quote.ts';
import { usage } from '../hints.ts';
import type { CommandLine, Healthcheck, KeyValue } from '../instructions/command.ts';
import { fail } from '../problem.ts';
import { formatDuration } from '../values/duration.ts';
import { parsePort, PortError, portNames, type Port } from '../values/port.ts';
import { parseSignal } from '../values/signal.ts';
import { expandWord } from '../words/expand.ts';
import { addStep, note, type Dispatched } from './dispatched.ts';
import { withShell } from './image-draft.ts';
import { isAbsolutePath, joinWorkdir } from './path.ts';
import { wordProblem } from './word-problem.ts';

/*
 * What the instructions that make no layer do to their stage. The texts in the history are BuildKit's, to the letter.
 */

export function dispatchCmd(dispatched: Dispatched<'cmd'>): void {
  const { state } = dispatched;
  const words = commandWords(dispatched);
  state.image.cmd = words;
  state.image.argsEscaped = true;
  note(dispatched, () => `CMD ${quotedList(words)}`);
}

export function dispatchEntrypoint(dispatched: Dispatched<'entrypoint'>): void {
  const { state } = dispatched;
  const words = commandWords(dispatched);
  state.image.entrypoint = words.length > 0 ? words : undefined;
  // A CMD of the base belongs to the ENTRYPOINT of the base.
  if (!state.lastOf.cmd) state.image.cmd = undefined;
  note(dispatched, () => `ENTRYPOINT ${quotedList(words)}`);
}

export function dispatchEnv(dispatched: Dispatched<'env'>): void {
  const { state, command } = dispatched;
  emitPairs(dispatched);
  for (const { key, value } of command.pairs) {
    state.environment.assign(key.value, value.value);
    state.image.env.set(key.value, value.value);
    state.shadowed.delete(key.value);
  }
  note(dispatched, () => `ENV ${pairList(command.pairs)}`);
}

export function dispatchLabel(dispatched: Dispatched<'label'>): void {
  const { state, command } = dispatched;
  emitPairs(dispatched);
  for (const { key, value } of command.pairs) state.image.labels.set(key.value, value.value);
  note(dispatched, () => `LABEL ${pairList(command.pairs)}`);
}

export function dispatchExpose(dispatched: Dispatched<'expose'>): void {
  const { context, state, command } = dispatched;
  const { escape } = context;
  const words = command.ports.flatMap((word) => {
    const { words: values } = wordProblem(word, command.origin, (text) =>
      expandWord(text, state.environment, { escape }),
    );
    return values.map((value) => ({ value, span: word.span }));
  });
  const ports = words.map((word) => {
    const flags = (found: Pick<Port, 'protocolNotLowercase' | 'hostPart'>) => {
      const { comments } = command.origin;
      context.emit({ kind: 'port', command, text: word.value, word, flags: found, comments });
    };
    return wordProblem(word, command.origin, (text) => checkedPort(text, flags));
  });
  if (!context.keepSteps) return;
  const names = ports.flatMap(portNames);
  for (const name of names) state.image.exposedPorts.set(name, '');
  note(dispatched, () => `EXPOSE [${names.join(' ')}]`);
}

export function dispatchHealthcheck(dispatched: Dispatched<'healthcheck'>): void {
  const { state, command } = dispatched;
  onlyLast(dispatched);
  state.image.healthcheck = healthcheckConfig(command.healthcheck);
  note(dispatched, () => `HEALTHCHECK ${healthcheckText(command.healthcheck)}`);
}

export function dispatchMaintainer(dispatched: Dispatched<'maintainer'>): void {
  const { state, command } = dispatched;
  state.image.author = command.maintainer.value;
  note(dispatched, () => `MAINTAINER ${command.maintainer.value}`);
}

/** Triggers leave no trace in the history. */
export function dispatchOnbuild({ state, command }: Dispatched<'onbuild'>): void {
  state.image.onbuild.push(command.expression);
}

export function dispatchShell(dispatched: Dispatched<'shell'>): void {
  const { state, command } = dispatched;
  state.image.shell = command.shell;
  note(dispatched, () => `SHELL [${command.shell.join(' ')}]`);
}

export function dispatchStopsignal(dispatched: Dispatched<'stopsignal'>): void {
  const { state, command } = dispatched;
  const { signal, origin } = command;
  wordProblem(signal, origin, parseSignal);
  state.image.stopSignal = signal.value;
  note(dispatched, () => `STOPSIGNAL ${signal.value}`);
}

export function dispatchUser(dispatched: Dispatched<'user'>): void {
  const { state, command } = dispatched;
  state.image.user = command.user.value;
  note(dispatched, () => `USER ${command.user.value}`);
}

export function dispatchVolume(dispatched: Dispatched<'volume'>): void {
  const { state, command } = dispatched;
  for (const { value, span } of command.volumes) {
    const place = { span, lines: command.origin.lines, hint: usage.volume };
    if (value === '') fail('volume-empty', 'VOLUME specified can not be an empty string', place);
    state.image.volumes.set(value, '');
  }
  note(dispatched, () => `VOLUME [${command.volumes.map(({ value }) => value).join(' ')}]`);
}

export function dispatchWorkdir(dispatched: Dispatched<'workdir'>): void {
  const { context, state, command } = dispatched;
  const { path, origin } = command;
  const { image } = state;
  const isAbsolute = isAbsolutePath(path.value, image.platform.os);
  const { comments } = origin;
  context.emit({ kind: 'workdir', command, path: path.value, isAbsolute, isFirst: !state.isWorkdirSet, comments });
  state.isWorkdirSet = true;
  image.workdir = wordProblem(path, origin, (text) => joinWorkdir(image.workdir, text, image.platform.os));
  const written = image.workdir.path;
  const text = () => (image.platform.os === 'windows' ? written.replaceAll('\\', '/') : written);
  note(dispatched, () => `WORKDIR ${text()}`, written !== '/' && written !== '\\');
  addStep(dispatched, () => ({ kind: 'workdir', command }));
}

function commandWords(dispatched: Dispatched<'cmd'> | Dispatched<'entrypoint'>): readonly string[] {
  const { context, state, command } = dispatched;
  onlyLast(dispatched);
  const line: CommandLine = command.command;
  if (!line.prependShell) return line.arguments;
  const isShellSet = (state.image.shell ?? []).length > 0;
  context.emit({ kind: 'commandLine', command, isShellSet, comments: command.origin.comments });
  return withShell(state.image, line.arguments);
}

function onlyLast({
  context,
  state,
  command,
}: Dispatched<'cmd'> | Dispatched<'entrypoint'> | Dispatched<'healthcheck'>): void {
  const { kind, origin } = command;
  context.emit({ kind: 'onlyLast', command, previous: state.lastOf[kind], comments: origin.comments });
  state.lastOf = { ...state.lastOf, [kind]: origin };
}

function emitPairs({ context, command, written }: Dispatched<'env'> | Dispatched<'label'>): void {
  const { comments } = command.origin;
  for (const [index, pair] of written.pairs.entries()) {
    const key = command.pairs[index]?.key.value ?? '';
    context.emit({ kind: 'pair', command: written, pair, key, comments });
  }
}

function checkedPort(text: string, flags: (found: Pick<Port, 'protocolNotLowercase' | 'hostPart'>) => void): Port {
  try {
    const port = parsePort(text);
    flags(port);
    return port;
  } catch (error) {
    if (error instanceof PortError) flags(error);
    throw error;
  }
}

function pairList(pairs: readonly KeyValue[]): string {
  return pairs.map(({ key, value }) => `${key.value}=${value.value}`).join(' ');
}

function quotedList(words: readonly string[]): string {
  return `[${words.map(quote).join(' ')}]`;
}

function healthcheckConfig({
  test,
  interval,
  timeout,
  startPeriod,
  startInterval,
  retries,
}: Healthcheck): HealthcheckConfig {
  return {
    Test: test,
    ...(interval !== 0 && { Interval: interval }),
    ...(timeout !== 0 && { Timeout: timeout }),
    ...(startPeriod !== 0 && { StartPeriod: startPeriod }),
    ...(startInterval !== 0 && { StartInterval: startInterval }),
    ...(retries !== 0 && { Retries: retries }),
  };
}

/** As Go prints the struct. */
function healthcheckText({ test, interval, timeout, startPeriod, startInterval, retries }: Healthcheck): string {
  const durations = { Interval: interval, Timeout: timeout, StartPeriod: startPeriod, StartInterval: startInterval };
  const fields = Object.entries(durations).map(([name, value]) => `${name}:${formatDuration(value)}`);
  return `{Test:[${test.join(' ')}] ${fields.join(' ')} Retries:${retries}}`;
}
