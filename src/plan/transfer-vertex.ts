import type { TransferStep } from '../dockerfile/evaluate/stage-state.ts';
import { parseGitReference, type GitReference } from '../dockerfile/values/git-reference.ts';
import type { CopyAction, FileAction, MakeFileAction, Owner } from '../graph/file-op.ts';
import type { Vertex } from '../graph/vertex.ts';
import { cleanPath } from '../spec/slash-path.ts';
import { gitOp } from './git-op.ts';
import { sourceOptions, type Planner, type StepPlan } from './planner.ts';

type Parts = Pick<CopyAction, 'input' | 'source' | 'wildcards'> & Partial<CopyAction>;

/**
 * COPY and ADD: every source is an action of one vertex. With `--link` it is a layer of its own, put on top; not with a mode as
 * well, as in BuildKit.
 */
export function transferVertex(planner: Planner, plan: StepPlan<TransferStep>): Vertex {
  const { step, base, options } = plan;
  const { vertices } = planner;
  const link = isLinked(step);
  const below = link ? vertices.make({ kind: 'scratch' }, [], sourceOptions('scratch')) : base;
  const transfer = new Transfer(planner, plan, below);
  const actions: readonly FileAction[] = [
    ...step.command.sources.map(({ value }) => transfer.copySource(value)),
    ...step.command.contents.map((content) => transfer.makeFile(content)),
  ];
  const copied = vertices.make({ kind: 'file', actions }, transfer.inputs, options);
  return link
    ? vertices.make({ kind: 'merge' }, [base, copied], { ...options, name: `merge ${options.name}` })
    : copied;
}

function isLinked({ command }: TransferStep): boolean {
  return command.link && command.chmod.value === '';
}

/** The inputs that the actions of a step come to need. */
class Transfer {
  readonly inputs: Vertex[];
  readonly #planner: Planner;
  readonly #plan: StepPlan<TransferStep>;
  readonly #destination: string;
  readonly #owner: Owner | undefined;

  constructor(planner: Planner, plan: StepPlan<TransferStep>, below: Vertex) {
    const { command, workdir } = plan.step;
    this.#planner = planner;
    this.#plan = plan;
    this.inputs = [below];
    this.#destination = destinationPath(command.destination.value, workdir);
    const owner = command.chown.value;
    // Names are those of the file system it goes to, even if the copy does not depend on that otherwise.
    const isByName = /[^\d:]/.test(owner);
    this.#owner =
      owner === '' ? undefined : { text: owner, input: isLinked(plan.step) && isByName ? this.#input(plan.base) : 0 };
  }

  copySource(source: string): CopyAction {
    const { command } = this.#plan.step;
    const git = parseGitReference(source);
    if (command.kind === 'add') {
      if (git.kind === 'git' && !git.reference.indistinguishableFromLocal) return this.#copyGit(source, git.reference);
      if (/^https?:\/\//.test(source)) return this.#copyHttp(source);
    }
    const { source: from } = this.#plan.step;
    const parents = command.kind === 'copy' && command.parents;
    return this.#copy({
      input: this.#input(from ? this.#planner.stage(from) : this.#planner.local('context')),
      source: parents ? pivotPath(source) : cleanPath(`/${source}`),
      wildcards: true,
      parents,
      excludes: command.exclude,
      unpack: unpackingOf(command),
    });
  }

  makeFile({ path, content }: { readonly path: string; readonly content: string }): MakeFileAction {
    const { timestamp } = this.#planner.options;
    const mode = this.#plan.step.command.chmod.value;
    return {
      ...{ kind: 'makeFile', destination: this.#destination, name: path, content, mode, owner: this.#owner, timestamp },
    };
  }

  #copyHttp(url: string): CopyAction {
    const { command } = this.#plan.step;
    const checksum = command.kind === 'add' ? command.checksum.value : '';
    const vertex = this.#planner.vertices.make({ kind: 'http', url, checksum }, [], this.#sourceOptions(url));
    const unpack = command.kind === 'add' && command.unpack ? 'always' : 'never';
    // What the file is called may be known only when it is there. It is the only one.
    return this.#copy({ input: this.#input(vertex), source: '/*', wildcards: true, unpack });
  }

  #copyGit(source: string, reference: GitReference): CopyAction {
    const { command } = this.#plan.step;
    const flags = command.kind === 'add' ? { ...command, checksum: command.checksum.value } : {};
    const vertex = this.#planner.vertices.make(gitOp(reference, flags), [], this.#sourceOptions(source));
    return this.#copy({
      ...{ input: this.#input(vertex), source: '/', wildcards: false, excludes: command.exclude },
    });
  }

  #sourceOptions(name: string) {
    const { options } = this.#plan;
    return { ...sourceOptions(name), span: options.span };
  }

  #copy(parts: Parts): CopyAction {
    const { command } = this.#plan.step;
    return {
      kind: 'copy',
      destination: this.#destination,
      mode: command.chmod.value,
      owner: this.#owner,
      parents: false,
      excludes: [],
      unpack: 'never',
      replace: isLinked(this.#plan.step),
      timestamp: this.#planner.options.timestamp,
      ...parts,
    };
  }

  #input(vertex: Vertex): number {
    const index = this.inputs.indexOf(vertex, 1);
    return index > 0 ? index : this.inputs.push(vertex) - 1;
  }
}

function unpackingOf(command: TransferStep['command']): CopyAction['unpack'] {
  if (command.kind === 'copy' || command.unpack === false) return 'never';
  return command.unpack ? 'always' : 'auto';
}

/** A slash at the end stays; `.` is a directory. */
function destinationPath(path: string, workdir: string): string {
  const absolute = cleanPath(path.startsWith('/') ? path : `/${workdir}/${path}`);
  return absolute !== '/' && (path === '' || /(^|\/)\.?$/.test(path)) ? `${absolute}/` : absolute;
}

/** The `/./` that `--parents` begins at stays. */
function pivotPath(source: string): string {
  const pivot = source.indexOf('/./');
  if (pivot < 0) return cleanPath(`/${source}`);
  const before = cleanPath(`/${source.slice(0, pivot)}`);
  const after = cleanPath(`/${source.slice(pivot + '/./'.length)}`);
  return `${before === '/' ? '' : before}/.${after}`;
}
