import { parseReference } from '../../spec/reference.ts';
import { ValueError } from '../../spec/value-error.ts';
import type { Dockerfile } from '../instructions/parse-stages.ts';
import { ProblemError } from '../problem.ts';
import { expandWord } from '../words/expand.ts';
import { WordError } from '../words/word-error.ts';
import type { LintListener } from './event.ts';
import { evaluateGlobalArgs } from './global-args.ts';

/**
 * Looks whether the base of every stage is a reference without any build arguments given. A mistake in expanding ends this
 * silently, since it comes up again.
 */
export function checkDefaultBases(file: Dockerfile, predefined: ReadonlyMap<string, string>, emit: LintListener): void {
  const { escape } = file.ast;
  const args = quietly(() => evaluateGlobalArgs(predefined, file.globalArgs, { buildArgs: new Map(), escape }));
  if (!args) return;
  for (const { from } of file.stages) {
    const base = quietly(() => expandWord(from.base.value, args.values, { escape }).result);
    if (base === undefined) return;
    emit({ kind: 'defaultBase', from, isValid: quietly(() => parseReference(base)) !== undefined });
  }
}

function quietly<Result>(run: () => Result): Result | undefined {
  try {
    return run();
  } catch (error) {
    if (error instanceof ProblemError || error instanceof ValueError || error instanceof WordError) return undefined;
    throw error;
  }
}
