import { checkDigest } from '../../spec/digest-syntax.ts';
import { cleanPath } from '../../spec/slash-path.ts';
import { quote } from '../../spec/quote.ts';
import type { Word } from '../parser/ast.ts';
import { fail } from '../problem.ts';
import { parseFileMode } from '../values/file-mode.ts';
import { parseGitReference } from '../values/git-reference.ts';
import { addStep, note, type Dispatched } from './dispatched.ts';
import { wordProblem } from './word-problem.ts';

type Transferred = Dispatched<'add'> | Dispatched<'copy'>;

/** COPY and ADD: checks flags and sources. Throws ProblemError `transfer`. */
export function dispatchTransfer(dispatched: Transferred): void {
  const { command, state, sources } = dispatched;
  const { origin, chmod } = command;
  const [source] = sources;
  if (command.kind === 'copy' && source && !source.isDispatched) {
    const message = `cannot copy from stage ${quote(command.from.value)}, it needs to be defined before current stage ${quote(state.label)}`;
    reject(dispatched, command.from, message, 'a stage can only use stages above it');
  }
  if (chmod.value !== '') wordProblem(chmod, origin, parseFileMode);
  checkChecksum(dispatched);
  for (const [index, word] of command.sources.entries()) checkSource(dispatched, word, index);
  note(dispatched, () => historyText(dispatched), true);
  addStep(dispatched, () => ({ kind: 'transfer', command, source }));
}

function checkChecksum(dispatched: Transferred): void {
  const { command } = dispatched;
  if (command.kind === 'copy' || command.checksum.value === '') return;
  const { checksum, sources } = command;
  if (sources.length !== 1)
    reject(dispatched, checksum, "checksum can't be specified for multiple sources", 'use one ADD a source');
  const source = sources[0]?.value ?? '';
  if (!isHttpSource(source) && parseGitReference(source).kind !== 'git') {
    reject(dispatched, checksum, 'checksum requires HTTP(S) or Git sources', 'remove --checksum');
  }
}

function checkSource(dispatched: Transferred, word: Word, index: number): void {
  const { command } = dispatched;
  const git = parseGitReference(word.value);
  if (git.kind === 'invalid') reject(dispatched, word, git.message);
  if (git.kind === 'git' && !git.reference.indistinguishableFromLocal) {
    if (command.kind === 'copy') reject(dispatched, word, "source can't be a git ref for COPY", 'use ADD');
    checkGitFlags(dispatched, word, git.reference);
  } else if (isHttpSource(word.value)) {
    if (command.kind === 'copy') reject(dispatched, word, "source can't be a URL for COPY", 'use ADD');
    if (command.checksum.value !== '') wordProblem(command.checksum, command.origin, checkDigest);
  } else {
    emitContextSource(dispatched, word, index);
  }
}

/** What the flags say and what the URL says must agree. */
function checkGitFlags(
  dispatched: Transferred,
  word: Word,
  { keepGitDir, checksum }: { readonly keepGitDir?: boolean; readonly checksum: string },
): void {
  const { command } = dispatched;
  if (command.kind !== 'add') return;
  if (command.keepGitDir !== undefined && keepGitDir !== undefined && command.keepGitDir !== keepGitDir) {
    reject(dispatched, word, 'inconsistent keep-git-dir configuration');
  }
  const wanted = command.checksum.value;
  if (wanted !== '' && checksum !== '' && wanted !== checksum) {
    reject(dispatched, word, `checksum mismatch ${quote(wanted)} != ${quote(checksum)}`);
  }
}

/** With exceptions in the ignore file it cannot be told without the files whether something is left of a directory. */
function emitContextSource({ context, command, written, sources }: Transferred, word: Word, index: number): void {
  const { ignore } = context;
  if (!ignore || ignore.hasExceptions || sources.length > 0) return;
  const path = cleanPath(word.value);
  const isRoot = path === '.' || path === '/';
  const ignoresAll = ignore.patterns.some(({ text }) => text === '*' || text === '**' || text === '**/*');
  const isIgnored = (!isRoot || ignoresAll) && ignore.matches(path);
  const span = written.sources[index]?.span ?? word.span;
  context.emit({ kind: 'contextSource', command, path, span, isIgnored, comments: command.origin.comments });
}

function isHttpSource(source: string): boolean {
  return /^https?:\/\//.test(source) && parseGitReference(source).kind !== 'git';
}

function historyText({ command }: Transferred): string {
  const { kind, chown, chmod, sources, contents, destination } = command;
  const words = [
    kind.toUpperCase(),
    ...(kind === 'copy' && command.parents ? ['--parents'] : []),
    ...(chown.value === '' ? [] : [`--chown=${chown.value}`]),
    ...(chmod.value === '' ? [] : [`--chmod=${chmod.value}`]),
    ...sources.map(({ value }) => value),
    ...contents.map(({ path }) => `<<${path}`),
    destination.value,
  ];
  return `${words.join(' ')} # buildkit`;
}

function reject({ command }: Transferred, { span }: Word, message: string, hint?: string): never {
  return fail('transfer', message, { span, lines: command.origin.lines, hint });
}
