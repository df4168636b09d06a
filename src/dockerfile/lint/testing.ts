import { expect } from 'vitest';
import { Source } from '../../diagnostic/source.ts';
import { applyEdits } from './fix.ts';
import { lintDockerfile, type LintResult } from './lint.ts';
import type { Warning } from './linter.ts';
import type { Rule } from './rule.ts';

/*
 * For tests. Lints texts as a build for linux/amd64 would, every base image being empty.
 */

export type TestOptions = Partial<Parameters<typeof lintDockerfile>[1]>;

const platform = { os: 'linux', architecture: 'amd64' };

export const testOptions: Parameters<typeof lintDockerfile>[1] = {
  buildArgs: new Map(),
  allStages: true,
  buildPlatform: platform,
  targetPlatform: platform,
  baseImage: () => undefined,
  keepSteps: true,
};

export function lint(text: string, options: TestOptions = {}): LintResult {
  return lintDockerfile(new Source('Dockerfile', text), { ...testOptions, ...options });
}

/** `Rule first-last: message «what the caret is under»`. */
export function describeWarning(warning: Warning): string {
  return `${warning.rule.name} ${describeFinding(warning)}`;
}

/** The warnings of one rule: `first-last: message «what the caret is under»`. */
export function warningsOf(rule: Rule, text: string, options?: TestOptions): readonly string[] {
  return warnings(rule, text, options).map(describeFinding);
}

/** The same with the rule skipped for the whole file. */
export function warningsIfSkipped(rule: Rule, text: string, options?: TestOptions): readonly string[] {
  return warningsOf(rule, `# check=skip=${rule.name}\n${text}`, options);
}

/** The same with the rule skipped for the instruction at a line, 1-based. */
export function warningsIfSkippedAt(line: number, rule: Rule, text: string): readonly string[] {
  return warningsOf(
    rule,
    text
      .split('\n')
      .toSpliced(line - 1, 0, `# check=skip=${rule.name}`)
      .join('\n'),
  );
}

/**
 * The text with a rule's fixes made. Checks that the rule has no more fixes to offer and that the image is the same, but
 * for its history, which has the ports of EXPOSE in the order of their texts.
 */
export function fixed(rule: Rule, text: string, options?: TestOptions): string {
  const edits = warnings(rule, text, options).flatMap(({ fix }) => fix ?? []);
  const result = applyEdits(text, edits);
  expect(warnings(rule, result, options).filter(({ fix }) => fix)).toEqual([]);
  expect(imageOf(text, options)).toBeDefined();
  expect(imageOf(result, options)).toEqual(imageOf(text, options));
  return result;
}

/** What a text comes to, without history. */
export function imageOf(text: string, options?: TestOptions): object | undefined {
  const { image } = lint(text, options).evaluation ?? {};
  if (!image) return undefined;
  return { ...image, history: undefined };
}

function warnings(rule: Rule, text: string, options?: TestOptions): readonly Warning[] {
  return lint(text, options).warnings.filter((warning) => warning.rule === rule);
}

function describeFinding({ message, lines, span: { source, start, end } }: Warning): string {
  const [first, last] = lines;
  const range = lines.length === 2 ? (first === last ? `${first ?? 0}` : lines.join('-')) : lines.join(',');
  return `${range}: ${message} «${source.text.slice(start, end)}»`;
}
