import type { Command, CommandOf, InlineSource, KeyValue, Transfer } from '../instructions/command.ts';
import { parseMount, type Mount } from '../instructions/mount.ts';
import type { Word } from '../parser/ast.ts';
import { expandWord } from '../words/expand.ts';
import { WordError } from '../words/word-error.ts';
import type { EvaluateContext } from './context.ts';
import { controlArgs } from './global-args.ts';
import type { StageState } from './stage-state.ts';
import { wordProblem } from './word-problem.ts';

/** A command with its variables replaced, and the mounts of RUN, which are only readable then. */
export interface ExpandedCommand {
  readonly command: Command;
  readonly mounts: readonly Mount[];
}

/** Replaces one word. */
export type Expander = (word: Word) => Word;

/**
 * Replaces the variables of a command with what the stage knows; which words have any depends on the instruction.
 *
 * ARG and EXPOSE are left alone: they are expanded when they are evaluated. Throws ProblemError.
 *
 * @see https://docs.docker.com/reference/dockerfile/#environment-replacement
 */
export function expandCommand(context: EvaluateContext, state: StageState, command: Command): ExpandedCommand {
  const expand = expanderFor(context, state, command);
  const mounts: Mount[] = [];
  if (command.kind === 'run') {
    for (const word of command.mounts) mounts.push(expandMount(word, command, expand));
  }
  return {
    command: expandWords(command, expand, (content) => expandContent(context, state, { command, content })),
    mounts,
  };
}

/** The expander of a command's words; variables that are not set are reported. */
export function expanderFor(context: EvaluateContext, state: StageState, command: Command): Expander {
  return (word) => ({
    value: wordProblem(word, command.origin, (text) =>
      reporting(context, state, { command, word }, () =>
        expandWord(text, state.environment, { escape: context.escape }),
      ),
    ),
    span: word.span,
  });
}

function expandWords(command: Command, expand: Expander, content: (source: InlineSource) => InlineSource): Command {
  switch (command.kind) {
    case 'add':
      return {
        ...command,
        ...expandOwner(command, expand),
        checksum: expand(command.checksum),
        ...expandPaths(command, expand, content),
      };
    case 'copy':
      return { ...command, ...expandOwner(command, expand), ...expandPaths(command, expand, content) };
    case 'env':
      return { ...command, pairs: expandPairs(command, expand) };
    case 'label':
      return { ...command, pairs: expandPairs(command, expand) };
    case 'stopsignal':
      return { ...command, signal: expand(command.signal) };
    case 'user':
      return { ...command, user: expand(command.user) };
    case 'volume':
      return { ...command, volumes: command.volumes.map(expand) };
    case 'workdir':
      return { ...command, path: expand(command.path) };
    default:
      return command;
  }
}

function expandOwner({ chown, chmod }: Transfer, expand: Expander): Pick<Transfer, 'chown' | 'chmod'> {
  return { chown: expand(chown), chmod: expand(chmod) };
}

function expandPaths(
  { sources, destination, contents }: Transfer,
  expand: Expander,
  content: (source: InlineSource) => InlineSource,
): Pick<Transfer, 'sources' | 'destination' | 'contents'> {
  return { sources: sources.map(expand), destination: expand(destination), contents: contents.map(content) };
}

function expandPairs({ pairs }: CommandOf<'env'> | CommandOf<'label'>, expand: Expander): readonly KeyValue[] {
  return pairs.map(({ key, value, legacy }) => ({ key: expand(key), value: expand(value), legacy }));
}

function expandMount(word: Word, { origin }: CommandOf<'run'>, expand: Expander): Mount {
  return wordProblem(word, origin, (text) => parseMount(text, (value) => expand({ value, span: word.span }).value));
}

/** Quotes in a heredoc are text. */
function expandContent(
  context: EvaluateContext,
  state: StageState,
  { command, content }: { readonly command: Command; readonly content: InlineSource },
): InlineSource {
  if (!content.expand) return content;
  const word = { value: content.content, span: content.span };
  const value = wordProblem(word, command.origin, (text) =>
    reporting(context, state, { command, word }, () =>
      expandWord(text, state.environment, { escape: '\\', skipQuotes: true }),
    ),
  );
  return { ...content, content: value };
}

function reporting(
  context: EvaluateContext,
  state: StageState,
  where: { readonly command: Command; readonly word: Word },
  expand: () => ReturnType<typeof expandWord>,
): string {
  try {
    const { result, unmatched } = expand();
    if (unmatched.size > 0) reportUndefined(context, state, { ...where, unmatched });
    return result;
  } catch (error) {
    if (error instanceof WordError) reportUndefined(context, state, { ...where, unmatched: error.unmatched });
    throw error;
  }
}

/** What a stage declares with ARG is not undefined, even without a value. */
function reportUndefined(
  context: EvaluateContext,
  { environment, buildArgs }: StageState,
  {
    command,
    word,
    unmatched,
  }: { readonly command: Command; readonly word: Word; readonly unmatched: ReadonlySet<string> },
): void {
  const names = [...unmatched].filter((name) => buildArgs.get(name) === undefined && !controlArgs.has(name));
  if (names.length === 0) return;
  const { origin } = command;
  context.emit({ kind: 'undefinedVariables', names, defined: environment, word, origin, comments: origin.comments });
}
