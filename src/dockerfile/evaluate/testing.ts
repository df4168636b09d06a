import { Source } from '../../diagnostic/source.ts';
import type { History, ImageConfig } from '../../spec/image-config.ts';
import { parseStages } from '../instructions/parse-stages.ts';
import { parseDockerfile } from '../parser/parse.ts';
import type { Problem } from '../problem.ts';
import type { EvaluateOptions } from './context.ts';
import { evaluate, type Evaluation } from './evaluate.ts';

/*
 * For tests. Evaluates texts for linux/amd64; images are empty unless `baseImage` says otherwise.
 */

export interface TestOptions extends Partial<Omit<EvaluateOptions, 'buildArgs'>> {
  readonly buildArgs?: Readonly<Record<string, string>>;
}

const platform = { os: 'linux', architecture: 'amd64' };

/** The text must be one that can be read. */
export function evaluateText(text: string, options: TestOptions = {}): Evaluation {
  const file = parseStages(parseDockerfile(new Source('Dockerfile', text)));
  const unreadable = [...file.ast.problems, ...file.problems];
  if (unreadable.length > 0) throw new Error(unreadable.map(({ message }) => message).join('\n'));
  return evaluate(file, {
    allStages: false,
    buildPlatform: platform,
    targetPlatform: platform,
    baseImage: () => undefined,
    keepSteps: true,
    ...options,
    buildArgs: new Map(Object.entries(options.buildArgs ?? {})),
  });
}

/** The configuration of the image, which must be one. */
export function configOf(text: string, options?: TestOptions): ImageConfig {
  return imageOf(text, options).config;
}

/** The environment of the image without PATH. */
export function environmentOf(text: string, options?: TestOptions): readonly string[] {
  return (configOf(text, options).Env ?? []).filter((entry) => !entry.startsWith('PATH='));
}

/** What the history says; a step without a layer in brackets. */
export function historyOf(text: string, options?: TestOptions): readonly string[] {
  return imageOf(text, options).history.map(describeStep);
}

/** `code lines: message «what the caret is under»`; `-` for no lines. */
export function problemsOf(text: string, options?: TestOptions): readonly string[] {
  return evaluateText(text, options).problems.map(describeProblem);
}

/** A base image with a configuration. */
export function withImage(config: ImageConfig, history: readonly History[] = []): Pick<EvaluateOptions, 'baseImage'> {
  return { baseImage: (_, { os, architecture }) => ({ os, architecture, config, history }) };
}

export function imageOf(text: string, options?: TestOptions) {
  const { image, problems } = evaluateText(text, options);
  if (!image) throw new Error(problems.map(describeProblem).join('\n'));
  return image;
}

function describeStep({ created_by: createdBy = '', empty_layer: isEmpty }: History): string {
  return isEmpty ? `(${createdBy})` : createdBy;
}

function describeProblem({ code, message, lines, span: { source, start, end } }: Problem): string {
  const [first, last] = lines ?? [];
  const range = !lines ? '-' : lines.length > 2 ? lines.join(',') : first === last ? `${first ?? 0}` : lines.join('-');
  return `${code.replace(/^dockerfile\//, '')} ${range}: ${message} «${source.text.slice(start, end)}»`;
}
