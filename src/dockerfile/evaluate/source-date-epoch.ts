import { ValueError } from '../../spec/value-error.ts';
import { checkDigest } from '../../spec/digest-syntax.ts';
import type { Command, CommandOf, Origin, Stage } from '../instructions/command.ts';
import type { Dockerfile } from '../instructions/parse-stages.ts';
import type { Escape } from '../parser/ast.ts';
import { fail } from '../problem.ts';
import { parseGitReference } from '../values/git-reference.ts';
import { parseInteger } from '../values/integer.ts';
import { expandWord } from '../words/expand.ts';
import type { EvaluateOptions } from './context.ts';
import { assign } from './global-args.ts';
import type { TimeSource } from './time-source.ts';
import { wordProblem } from './word-problem.ts';

interface Scope extends Pick<EvaluateOptions, 'timeOf' | 'namedContext'> {
  readonly buildArgs: ReadonlyMap<string, string>;
  /** The global arguments. */
  readonly values: ReadonlyMap<string, string>;
}

const name = 'SOURCE_DATE_EPOCH';
/** Seconds since 1970 of the years 0 to 9999: what RFC 3339 has times for, and so the configuration of an image. */
const [earliest, latest] = [-62_167_219_200, 253_402_300_799];
const oneAdd = `${name} stage must contain exactly one remote ADD`;

/**
 * The time that SOURCE_DATE_EPOCH stands for, in seconds since 1970: a number; or that of `context`, of a context with a name, or
 * of a stage that is a single remote ADD. Undefined if that has none, as a directory.
 *
 * Throws ProblemError `source-date-epoch`.
 *
 * @see https://reproducible-builds.org/specs/source-date-epoch/
 */
export function resolveSourceDateEpoch(value: string, file: Dockerfile, scope: Scope): string | undefined {
  if (value === '') return undefined;
  const seconds = trySeconds(value);
  if (seconds !== undefined) {
    if (seconds < earliest || seconds > latest) return invalid(value, file, 'images have times of the years 0 to 9999');
    return String(seconds);
  }
  const source = timeSource(value, file, scope);
  const time = source && scope.timeOf?.(source);
  return time === undefined ? undefined : String(time);
}

/** Undefined for contexts that are images, which have no time. */
function timeSource(value: string, file: Dockerfile, scope: Scope): TimeSource | undefined {
  if (value === 'context') return { kind: 'context', name: value };
  const named = scope.namedContext?.(value);
  if (named) return named.kind === 'local' ? { kind: 'context', name: named.name } : undefined;
  const stage = file.stages.find(({ from }) => from.name !== '' && from.name === value.toLowerCase());
  if (!stage) {
    return invalid(value, file, 'use seconds since 1970, "context", or the name of a stage with one remote ADD');
  }
  return { kind: 'add', stage: stage.from.name, ...sourceOfStage(stage, file.ast.escape, scope) };
}

function invalid(value: string, { ast: { source } }: Dockerfile, hint: string): never {
  return fail('source-date-epoch', `invalid ${name}: ${value}`, { span: { source, start: 0, end: 0 }, hint });
}

/** What is added, with all that says what it is. */
type Added = Pick<Extract<TimeSource, { kind: 'add' }>, 'url' | 'checksum' | 'keepGitDir'>;

function trySeconds(value: string): number | undefined {
  try {
    return parseInteger(value, { base: 10, bits: 64 });
  } catch (error) {
    if (error instanceof ValueError) return undefined;
    throw error;
  }
}

/** Its lines are those of FROM, whichever command is wrong. */
function sourceOfStage({ from, commands }: Stage, escape: Escape, scope: Scope): Added {
  const values = new Map(scope.values);
  values.delete(name);
  const reject = (message: string): never =>
    fail('source-date-epoch', message, { span: from.origin.span, lines: from.origin.lines });
  const expand = (word: CommandOf<'add'>['destination']) =>
    wordProblem(word, from.origin, (text) => expandWord(text, values, { escape }).result);
  if (expand(from.base) !== 'scratch') reject(`${name} stage must use FROM scratch`);
  let added: Added | undefined;
  for (const command of commands) {
    if (command.kind === 'arg') declare(command, values, { ...scope, expand });
    else if (command.kind !== 'add') reject(unsupported(command));
    else if (added) reject(oneAdd);
    else added = sourceOfAdd(command, from.origin, { expand, reject });
  }
  return added ?? reject(oneAdd);
}

function unsupported({ origin }: Command): string {
  return `${name} stage does not meet source-only requirements: unsupported ${origin.keyword.value} instruction`;
}

function declare(
  { args }: CommandOf<'arg'>,
  values: Map<string, string>,
  { buildArgs, expand }: Scope & { readonly expand: (word: CommandOf<'add'>['destination']) => string },
): void {
  for (const { key, value, span } of args) {
    const given = buildArgs.get(key) ?? (value === undefined ? undefined : expand({ value, span }));
    if (given !== undefined) assign(values, key, given);
  }
}

function sourceOfAdd(
  { sources, contents, checksum, keepGitDir }: CommandOf<'add'>,
  origin: Origin,
  {
    expand,
    reject,
  }: {
    readonly expand: (word: CommandOf<'add'>['destination']) => string;
    readonly reject: (message: string) => never;
  },
): Added {
  const [source, ...others] = sources;
  if (!source || others.length > 0 || contents.length > 0) return reject(`${oneAdd} source`);
  const url = expand(source);
  const git = parseGitReference(url);
  if (git.kind === 'invalid') return reject(git.message);
  const isGit = git.kind === 'git' && !git.reference.indistinguishableFromLocal;
  if (!isGit && !/^https?:\/\//.test(url)) return reject(`${name} stage source must be a single HTTP(S) or Git ADD`);
  const digest = checksum.value === '' ? '' : expand(checksum);
  if (digest !== '' && !isGit) wordProblem({ value: digest, span: checksum.span }, origin, checkDigest);
  return { url, checksum: digest, keepGitDir };
}
