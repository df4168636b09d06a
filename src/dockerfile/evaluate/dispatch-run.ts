import { quote } from '../../spec/quote.ts';
import type { InlineFile } from '../instructions/command.ts';
import type { Mount } from '../instructions/mount.ts';
import { cleanPath } from '../../spec/slash-path.ts';
import { chompHeredoc, parseHeredoc } from '../lexer/heredoc.ts';
import type { Word } from '../parser/ast.ts';
import { fail } from '../problem.ts';
import { scratch } from './declare-stages.ts';
import { addStep, note, type Dispatched } from './dispatched.ts';
import { withShell } from './image-draft.ts';

/** RUN: checks its mounts and writes down the command that the shell gets. Throws ProblemError `mount`. */
export function dispatchRun(dispatched: Dispatched<'run'>): void {
  const { state, command, mounts } = dispatched;
  const { line, script } = inlineCommand(command.command.arguments, command.files, state.image.platform.os);
  const words = command.command.prependShell ? withShell(state.image, line) : line;
  for (const [index, mount] of mounts.entries()) {
    checkMountPlace(dispatched, mount, index);
    noteRequirement(dispatched, mount);
  }
  note(dispatched, () => `RUN ${[...buildArgList(dispatched), ...words].join(' ')} # buildkit`, true);
  addStep(dispatched, () => ({ kind: 'run', command, args: words, script, mounts, sources: dispatched.sources }));
}

interface InlineCommand {
  readonly line: readonly string[];
  readonly script?: { readonly path: string; readonly content: string };
}

/**
 * The command with its heredocs. One that is nothing but a heredoc is a script: it is run as such if it begins with `#!`,
 * and handed to the shell otherwise. Heredocs in a longer command are the shell's.
 */
function inlineCommand(words: readonly string[], files: readonly InlineFile[], os: string): InlineCommand {
  const [first] = files;
  const command = words[0] ?? '';
  if (!first) return { line: words };
  if (!parseHeredoc(command))
    return { line: [[command, ...files.map(({ name, content }) => `${content}${name}`)].join('\n')] };
  const script = first.chomp ? chompHeredoc(first.content) : first.content;
  if (os === 'windows' || !script.startsWith('#!')) return { line: [script] };
  const path = `/dev/pipes/${first.name}`;
  return { line: [path], script: { path, content: script } };
}

/** The build arguments, as the history shows them. */
function buildArgList({ state: { buildArgs, environment } }: Dispatched<'run'>): readonly string[] {
  const list = Array.from(buildArgs.entries(), ([name, value]) => `${name}=${environment.get(name) ?? value}`);
  return list.length > 0 ? [`|${list.length}`, ...list] : [];
}

function checkMountPlace({ state, command, sources }: Dispatched<'run'>, mount: Mount, index: number): void {
  const place = { span: mountWord(command.mounts, index, command.origin.keyword).span, lines: command.origin.lines };
  const { type, source, target } = mount;
  const from = mount.from === '' && type === 'cache' ? scratch : mount.from;
  if (from !== '' && !sources[index]?.isDispatched) {
    const message = `cannot mount from stage ${quote(from)} to ${quote(target)}, stage needs to be defined before current command`;
    fail('mount', message, { ...place, hint: 'a stage can only use stages above it' });
  }
  if (type === 'ssh' && source !== '')
    fail('mount', 'ssh does not support source', { ...place, hint: 'name the agent with id=<name>' });
  if (type === 'secret' || type === 'ssh') return;
  const absolute = cleanPath(target).startsWith('/') ? target : cleanPath(`/${state.image.workdir.path}/${target}`);
  if (absolute === '/')
    fail('mount', `invalid mount target ${quote(absolute)}`, { ...place, hint: 'add target=<path>' });
}

function mountWord(words: readonly Word[], index: number, otherwise: Word): Word {
  return words[index] ?? otherwise;
}

function noteRequirement({ state, command }: Dispatched<'run'>, { type, source, target, id, required }: Mount): void {
  const { secrets, ssh } = state.outline;
  const { origin } = command;
  if (type === 'secret') {
    const name = source || id || (target.split('/').findLast((part) => part !== '') ?? '');
    if (!secrets.has(name)) secrets.set(name, { required, origin });
  }
  if (type === 'ssh' && !ssh.has(id || 'default')) ssh.set(id || 'default', { required, origin });
}
