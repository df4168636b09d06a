import type { Span } from '../../diagnostic/source.ts';
import { placeOf } from './lint-json.ts';
import type { LintFormatter } from './lint-report.ts';

/**
 * Annotations for GitHub Actions.
 *
 * @see https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions
 */
export const formatLintGithub: LintFormatter = (files) => {
  const lines = files.flatMap(({ path, result: { problems, warnings } }) => [
    ...problems.map(({ message, code, span }) => annotation('error', { path, title: code, message, span })),
    ...warnings.map(({ message, rule, span }) => annotation('warning', { path, title: rule.name, message, span })),
  ]);
  return lines.map((line) => `${line}\n`).join('');
};

interface Note {
  readonly path: string;
  readonly title: string;
  readonly message: string;
  readonly span: Span;
}

function annotation(level: 'error' | 'warning', { path, title, message, span }: Note): string {
  const { line, column, endLine, endColumn } = placeOf(span);
  const properties = { file: path, line, endLine, col: column, endColumn, title };
  const list = Object.entries(properties).map(([name, value]) => `${name}=${escapeProperty(String(value))}`);
  return `::${level} ${list.join(',')}::${escapeData(message.toWellFormed())}`;
}

function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
