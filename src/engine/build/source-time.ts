import { join } from 'node:path';
import { assert } from '../../diagnostic/assert.ts';
import type { TimeSource } from '../../dockerfile/evaluate/time-source.ts';
import { parseGitReference } from '../../dockerfile/values/git-reference.ts';
import type { GitOp, HttpOp } from '../../graph/source-op.ts';
import { gitOp } from '../../plan/git-op.ts';
import { archiveTime } from '../../source/remote-context.ts';
import type { BuildInput } from './build-input.ts';
import type { Fetching } from './fetching.ts';
import type { Contexts } from './local-contexts.ts';
import type { Steps } from './steps.ts';

export interface TimeOptions {
  readonly input: BuildInput;
  readonly contexts: Contexts;
  readonly fetching: Fetching;
  readonly steps: Steps;
  readonly signal: AbortSignal;
}

/**
 * The time that SOURCE_DATE_EPOCH gets from a source, in s since 1970: that of the commit; or of last modification, as the server
 * says, or as the youngest file of an archive has it. Undefined for what has none, such as a directory of the user.
 *
 * Throws what fetching throws.
 *
 * @see https://github.com/moby/buildkit/blob/v0.32.0/frontend/dockerfile/dockerfile2llb/epoch.go
 */
export async function sourceTime(source: TimeSource, options: TimeOptions): Promise<number | undefined> {
  const { input, contexts, steps } = options;
  if (source.kind === 'add') {
    const name = `[internal] resolve SOURCE_DATE_EPOCH source stage ${source.stage}`;
    return steps.run(name, () => timeOfOp(addedOp(source), options));
  }
  const op = contexts.remote(source.name);
  if (op) {
    const name = `[internal] resolve SOURCE_DATE_EPOCH named context ${source.name}`;
    return steps.run(name, () => timeOfOp(op, options));
  }
  return source.name === 'context' ? input.time() : undefined;
}

function addedOp({ url, checksum, keepGitDir }: Extract<TimeSource, { kind: 'add' }>): GitOp | HttpOp {
  const git = parseGitReference(url);
  assert(git.kind !== 'invalid', 'a source of the time was read before');
  return git.kind === 'git' ? gitOp(git.reference, { checksum, keepGitDir }) : { kind: 'http', url, checksum };
}

async function timeOfOp(op: GitOp | HttpOp, { fetching, signal }: TimeOptions): Promise<number | undefined> {
  if (op.kind === 'git') return (await fetching.git(op, signal)).time;
  const { lastModified, directory, filename } = await fetching.http(op, { signal });
  return lastModified ?? archiveTime(join(directory, filename), { store: fetching.content, signal });
}
