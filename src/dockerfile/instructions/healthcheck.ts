import { quote } from '../../spec/quote.ts';
import { ValueError } from '../../spec/value-error.ts';
import { usage, values } from '../hints.ts';
import type { Statement, Word } from '../parser/ast.ts';
import { fail } from '../problem.ts';
import { formatDuration, parseDuration } from '../values/duration.ts';
import { parseInteger } from '../values/integer.ts';
import { someArguments } from './arguments.ts';
import type { CommandOf, Healthcheck } from './command.ts';
import { parseFlags } from './flags.ts';
import { originOf } from './origin.ts';

const shortest = 1_000_000; // 1 ms in ns
const unset: Healthcheck = { test: [], interval: 0, timeout: 0, startPeriod: 0, startInterval: 0, retries: 0 };

/** Throws ProblemError `argument-count`, `healthcheck`, `flag-value`, or those of flags. */
export function parseHealthcheck(statement: Statement): CommandOf<'healthcheck'> {
  const [type, ...words] = someArguments(statement);
  const kind = (type?.value ?? '').toWellFormed().toUpperCase();
  const healthcheck = kind === 'NONE' ? none(statement, words) : probe(statement, kind, words);
  return { kind: 'healthcheck', origin: originOf(statement), healthcheck };
}

function none(statement: Statement, words: readonly Word[]): Healthcheck {
  const extra = words[0];
  if (extra)
    fail('healthcheck', 'HEALTHCHECK NONE takes no arguments', {
      span: extra.span,
      lines: statement.lines,
      hint: usage.healthcheck,
    });
  return { ...unset, test: ['NONE'] };
}

function probe(statement: Statement, type: string, words: readonly Word[]): Healthcheck {
  const flags = parseFlags(statement, {
    interval: 'string',
    timeout: 'string',
    'start-period': 'string',
    'start-interval': 'string',
    retries: 'string',
  });
  const place = {
    span: statement.span,
    lines: statement.lines,
    hint: usage.healthcheck,
  };
  if (type !== 'CMD') fail('healthcheck', `Unknown type ${quote(type)} in HEALTHCHECK (try CMD)`, place);
  if (words.length === 0) fail('healthcheck', 'Missing command after HEALTHCHECK CMD', place);
  const isArray = statement.arguments.kind === 'probe' && statement.arguments.command.kind === 'array';
  return {
    test: [isArray ? 'CMD' : 'CMD-SHELL', ...words.map(({ value }) => value)],
    interval: duration(statement, 'interval', flags.string('interval')),
    timeout: duration(statement, 'timeout', flags.string('timeout')),
    startPeriod: duration(statement, 'start-period', flags.string('start-period')),
    startInterval: duration(statement, 'start-interval', flags.string('start-interval')),
    retries: retries(statement, flags.string('retries')),
  };
}

function duration(statement: Statement, flag: string, { value, span }: Word): number {
  if (value === '') return 0;
  const nanoseconds = checked(statement, span, () => parseDuration(value));
  if (nanoseconds === 0 || nanoseconds >= shortest) return nanoseconds;
  const message = `Interval ${quote(flag)} cannot be less than ${formatDuration(shortest)}`;
  return fail('flag-value', message, { span, lines: statement.lines, hint: values.healthcheck });
}

function retries(statement: Statement, { value, span }: Word): number {
  if (value === '') return 0;
  const count = checked(statement, span, () => parseInteger(value, { base: 10, bits: 32 }));
  if (count >= 0) return count;
  return fail('flag-value', `--retries cannot be negative (${count})`, {
    span,
    lines: statement.lines,
    hint: values.healthcheck,
  });
}

function checked<Value>(statement: Statement, span: Word['span'], parse: () => Value): Value {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof ValueError)) throw error;
    return fail('flag-value', error.message, { span, lines: statement.lines, hint: values.healthcheck });
  }
}
