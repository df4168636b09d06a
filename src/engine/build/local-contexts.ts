import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { KilnError } from '../../diagnostic/kiln-error.ts';
import type { NamedContext } from '../../dockerfile/evaluate/stage-state.ts';
import { parseGitReference } from '../../dockerfile/values/git-reference.ts';
import type { GitOp, HttpOp } from '../../graph/source-op.ts';
import { gitOp } from '../../plan/git-op.ts';
import type { IgnoreMatcher } from '../../dockerfile/ignore/matcher.ts';
import type { Tree } from '../../files/tree.ts';
import { familiarName, formatReference, parseReference, tagNameOnly } from '../../spec/reference.ts';
import { ValueError } from '../../spec/value-error.ts';
import { readIgnore } from '../read-dockerfile.ts';
import type { BuildInput } from './build-input.ts';
import type { BuildOptions } from './build-options.ts';

/** The directories of a build, and what `--build-context` gave names. */
export interface Contexts {
  readonly tree: (name: string) => Tree;
  readonly excludes: (name: string) => readonly string[];
  /** What has to be fetched. */
  readonly remote: (name: string) => GitOp | HttpOp | undefined;
  readonly named: (name: string) => NamedContext | undefined;
}

const layoutScheme = 'oci-layout://';
const imageScheme = 'docker-image://';
const stageScheme = 'target:';

/** Throws KilnError `engine/context`, `engine/ignore-unreadable`. */
export function openContexts(
  { context, dockerfile }: BuildInput,
  namedContexts: BuildOptions['namedContexts'],
  empty: () => string,
): Contexts {
  const named = new Map<string, NamedContext>();
  const trees = new Map<string, Tree>();
  const remotes = new Map<string, GitOp | HttpOp>();
  for (const [name, value] of namedContexts) {
    const known = contextName(name);
    if (/^(docker-image|oci-layout):\/\//.test(value)) {
      named.set(known, namedImage(value));
    } else if (value.startsWith(stageScheme)) {
      named.set(known, { kind: 'stage', name: value.slice(stageScheme.length) });
    } else if (isUrl(value)) {
      named.set(known, { kind: 'local', name: known });
      remotes.set(known, remoteOp(value, name));
    } else {
      const root = directory(value, `build context ${name}`);
      named.set(known, { kind: 'local', name: known });
      trees.set(known, contextTree(root, readIgnore('-', root)));
    }
  }
  const main = () => context ?? contextTree(empty(), undefined);
  const tree = (name: string) => {
    const found = trees.get(name) ?? main();
    trees.set(name, found);
    return found;
  };
  return {
    tree,
    remote: (name) => remotes.get(name),
    named: (name) => named.get(contextName(name)),
    excludes: (name) => {
      const ignore = name === 'context' ? dockerfile.ignore : trees.get(name)?.ignore;
      return ignore?.patterns.map(({ text }) => text) ?? [];
    },
  };
}

function isUrl(value: string): boolean {
  return /^https?:\/\//.test(value) || (parseGitReference(value).kind !== 'not-git' && !isDirectory(value));
}

/** A file from the web is what the context has, as `context`; only the build context is unpacked. */
function remoteOp(value: string, name: string): GitOp | HttpOp {
  const git = parseGitReference(value);
  if (git.kind === 'not-git') return { kind: 'http', url: value, checksum: '', filename: 'context' };
  if (git.kind === 'git') return gitOp(git.reference);
  throw new KilnError('engine/context', `unable to prepare build context ${name}: ${git.message}`);
}

function contextTree(root: string, ignore: IgnoreMatcher | undefined): Tree {
  return { root, kind: 'context', ...(ignore && { ignore }) };
}

/** `alpine` and `docker.io/library/alpine:latest` are the same name. */
function contextName(name: string): string {
  try {
    const { domain, path, tag, digest } = parseReference(name);
    const rest = `${tag === undefined || tag === 'latest' ? '' : `:${tag}`}${digest === undefined ? '' : `@${digest}`}`;
    return familiarName({ domain, path }) + rest;
  } catch (error) {
    if (error instanceof ValueError) return name.toLowerCase();
    throw error;
  }
}

function namedImage(value: string): NamedContext {
  if (value.startsWith(layoutScheme)) return { kind: 'image', reference: value };
  const name = value.slice(imageScheme.length);
  if (name === 'scratch') return { kind: 'scratch' };
  try {
    return { kind: 'image', reference: formatReference(tagNameOnly(parseReference(name))) };
  } catch (cause) {
    if (!(cause instanceof ValueError)) throw cause;
    throw new KilnError('engine/context', `invalid context ${value}: ${cause.message}`, { cause });
  }
}

function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

function directory(path: string, what: string): string {
  const root = resolve(path);
  const stat = statSync(root, { throwIfNoEntry: false });
  if (stat?.isDirectory()) return root;
  const reason = stat ? 'is not a directory' : 'does not exist';
  throw new KilnError('engine/context', `unable to prepare ${what}: path ${JSON.stringify(path)} ${reason}`, {
    hint: 'give the path of a directory',
  });
}
