import type { Span } from '../../diagnostic/source.ts';
import type { LintFormatter } from './lint-report.ts';

/** For programs: one array with an object a file. Lines and columns are 1-based, columns count UTF-16 units. */
export const formatLintJson: LintFormatter = (files) => {
  const report = files.map(({ path, result, fixed }) => ({
    file: path,
    errors: result.problems.map(({ code, message, hint, span }) => ({
      code,
      message: message.toWellFormed(),
      ...(hint !== undefined && { hint }),
      ...placeOf(span),
    })),
    warnings: result.warnings.map(({ rule, message, span, fix }) => ({
      rule: rule.name,
      message: message.toWellFormed(),
      description: rule.description,
      ...(rule.url !== undefined && { url: rule.url }),
      ...placeOf(span),
      fixable: fix !== undefined,
    })),
    fixed,
  }));
  return `${JSON.stringify(report, undefined, 2)}\n`;
};

/** The end is behind the last character. */
export function placeOf({ source, start, end }: Span) {
  const first = source.position(start);
  const last = source.position(Math.max(start, end));
  return { line: first.line, column: first.column, endLine: last.line, endColumn: last.column };
}
