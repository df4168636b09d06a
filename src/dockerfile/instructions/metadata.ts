import { usage } from '../hints.ts';
import { trimSpace } from '../lexer/whitespace.ts';
import type { Statement } from '../parser/ast.ts';
import { fail } from '../problem.ts';
import { countProblem, onlyArgument, someArguments } from './arguments.ts';
import { commandLine } from './command-line.ts';
import type { ArgDefinition, CommandOf, KeyValue } from './command.ts';
import { parseFlags } from './flags.ts';
import { descriptionOf, originOf } from './origin.ts';

/*
 * The instructions that change nothing but the image's configuration. Each throws ProblemError: `argument-count`, what is
 * named, or those of flags. The order of the checks is BuildKit's, so that of several mistakes the same one is named.
 */

/** `blank-name`. Flags are ignored. */
export function parseArg(statement: Statement): CommandOf<'arg'> {
  const args = someArguments(statement).map(({ value: text, span }): ArgDefinition => {
    const equals = text.indexOf('=');
    if (equals === 0) blankName(statement, span);
    const key = equals < 0 ? text : text.slice(0, equals);
    const value = equals < 0 ? undefined : text.slice(equals + 1);
    return { key, value, span, description: descriptionOf(key, statement.comments) };
  });
  return { kind: 'arg', origin: originOf(statement), args };
}

export function parseCmd(statement: Statement): CommandOf<'cmd'> {
  parseFlags(statement, {});
  return { kind: 'cmd', origin: originOf(statement), command: commandLine(statement) };
}

export function parseEntrypoint(statement: Statement): CommandOf<'entrypoint'> {
  parseFlags(statement, {});
  return { kind: 'entrypoint', origin: originOf(statement), command: commandLine(statement) };
}

/** `blank-name`. */
export function parseEnv(statement: Statement): CommandOf<'env'> {
  return { kind: 'env', origin: originOf(statement), pairs: keyValues(statement) };
}

/** `blank-name`. */
export function parseLabel(statement: Statement): CommandOf<'label'> {
  return { kind: 'label', origin: originOf(statement), pairs: keyValues(statement) };
}

export function parseExpose(statement: Statement): CommandOf<'expose'> {
  const words = someArguments(statement);
  parseFlags(statement, {});
  const ports = words.toSorted((a, b) => (a.value < b.value ? -1 : a.value > b.value ? 1 : 0));
  return { kind: 'expose', origin: originOf(statement), ports };
}

export function parseMaintainer(statement: Statement): CommandOf<'maintainer'> {
  const maintainer = onlyArgument(statement);
  parseFlags(statement, {});
  return { kind: 'maintainer', origin: originOf(statement), maintainer };
}

/** `shell-form`. */
export function parseShell(statement: Statement): CommandOf<'shell'> {
  parseFlags(statement, {});
  const shell = someArguments(statement).map(({ value }) => value);
  if (statement.arguments.kind !== 'array') {
    const place = { span: statement.span, lines: statement.lines, hint: usage.shell };
    fail('shell-form', 'SHELL requires the arguments to be in JSON form', place);
  }
  return { kind: 'shell', origin: originOf(statement), shell };
}

/** Flags are ignored. */
export function parseStopsignal(statement: Statement): CommandOf<'stopsignal'> {
  return { kind: 'stopsignal', origin: originOf(statement), signal: onlyArgument(statement) };
}

export function parseUser(statement: Statement): CommandOf<'user'> {
  const user = onlyArgument(statement);
  parseFlags(statement, {});
  return { kind: 'user', origin: originOf(statement), user };
}

/** `volume-empty`. */
export function parseVolume(statement: Statement): CommandOf<'volume'> {
  const words = someArguments(statement);
  parseFlags(statement, {});
  const volumes = words.map(({ value, span }) => ({ value: trimSpace(value), span }));
  const empty = volumes.find(({ value }) => value === '');
  if (empty)
    fail('volume-empty', 'VOLUME specified can not be an empty string', {
      span: empty.span,
      lines: statement.lines,
      hint: usage.volume,
    });
  return { kind: 'volume', origin: originOf(statement), volumes };
}

export function parseWorkdir(statement: Statement): CommandOf<'workdir'> {
  const path = onlyArgument(statement);
  parseFlags(statement, {});
  return { kind: 'workdir', origin: originOf(statement), path };
}

const onbuild = /^[\t\n\f\r ]*ONBUILD[\t\n\f\r ]*/i;

/** `onbuild-trigger`. What the trigger says is read when it is run. */
export function parseOnbuild(statement: Statement): CommandOf<'onbuild'> {
  const [trigger] = someArguments(statement);
  parseFlags(statement, {});
  const command = trimSpace(trigger?.value ?? '').toUpperCase();
  const hint = 'any other instruction can be a trigger';
  const place = { span: trigger?.span ?? statement.span, lines: statement.lines, hint };
  if (command === 'ONBUILD') fail('onbuild-trigger', "Chaining ONBUILD via `ONBUILD ONBUILD` isn't allowed", place);
  if (command === 'MAINTAINER' || command === 'FROM') {
    fail('onbuild-trigger', `${command} isn't allowed as an ONBUILD trigger`, place);
  }
  const heredocs = statement.heredocs.map(({ name, content }) => `\n${content}${name}`);
  const expression = [statement.text.replace(onbuild, ''), ...heredocs].join('');
  return { kind: 'onbuild', origin: originOf(statement), expression };
}

function keyValues(statement: Statement): readonly KeyValue[] {
  parseFlags(statement, {});
  const { arguments: args } = statement;
  if (args.kind !== 'pairs') return countProblem(statement, 'at least one argument');
  return args.pairs.map(({ key, value, separator }) => {
    if (key.value === '') blankName(statement, value?.span ?? key.span);
    return { key, value: value ?? { value: '', span: key.span }, legacy: separator === ' ' };
  });
}

function blankName(statement: Statement, span: KeyValue['key']['span']): never {
  const command = (statement.name ?? '').toUpperCase();
  return fail('blank-name', `${command} names can not be blank`, {
    span,
    lines: statement.lines,
    hint: 'put a name before the =',
  });
}
