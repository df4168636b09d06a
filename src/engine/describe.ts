import type { Stage } from '../dockerfile/instructions/command.ts';
import { parseStages, type Dockerfile } from '../dockerfile/instructions/parse-stages.ts';
import { parseDockerfile } from '../dockerfile/parser/parse.ts';
import type { Outline } from '../dockerfile/evaluate/outline.ts';
import { lintDockerfile } from '../dockerfile/lint/lint.ts';
import type { Problem } from '../dockerfile/problem.ts';
import { evaluateOptions, type CheckOptions } from './check.ts';
import type { DockerfileInput } from './read-dockerfile.ts';

/** An answer, or what is wrong with the Dockerfile, the first of which BuildKit names. */
export type Described<Answer> =
  | { readonly answer: Answer; readonly problems?: undefined }
  | { readonly answer?: undefined; readonly problems: readonly Problem[]; readonly file: Dockerfile };

/** The parameters of a target: build arguments, secrets, SSH agents. Throws KilnError `engine/platform`. */
export function outlineDockerfile({ source }: DockerfileInput, options: CheckOptions): Described<Outline> {
  const { evaluation, problems, file } = lintDockerfile(source, { ...evaluateOptions(options), allStages: false });
  return evaluation?.outline && problems.length === 0 ? { answer: evaluation.outline } : { problems, file };
}

/** The stages of a Dockerfile; the last one is the default target. */
export function listTargets({ source }: DockerfileInput): Described<readonly Stage[]> {
  const file = parseStages(parseDockerfile(source));
  const problems = [...file.ast.problems, ...file.problems];
  return problems.length > 0 ? { problems, file } : { answer: file.stages };
}
