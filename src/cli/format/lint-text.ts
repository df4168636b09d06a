import type { Diagnostic } from '../../diagnostic/diagnostic.ts';
import { printable } from '../../diagnostic/printable.ts';
import { printDiagnostic } from '../../diagnostic/print-diagnostic.ts';
import type { Warning } from '../../engine/index.ts';
import type { LintFormatter } from './lint-report.ts';

/** For people. */
export const formatLintText: LintFormatter = (files, { color }) => {
  const diagnostics = files.flatMap(({ result }) => [
    ...result.problems,
    ...inOrder(result.warnings).map(diagnosticOf),
  ]);
  const fixed = sum(files.map((file) => file.fixed));
  const fixable = sum(files.map(({ result }) => result.warnings.filter(({ fix }) => fix).length));
  const errors = diagnostics.filter(({ severity }) => severity === 'error').length;
  const warnings = diagnostics.length - errors;
  const counts = [count(errors, 'error'), count(warnings, 'warning')].filter((text) => text !== '');
  const name = files.length === 1 ? printable(files[0]?.path ?? '') : `${files.length} files`;
  const summary = [
    counts.length === 0 ? `${name}: no problems found` : `${name}: ${counts.join(', ')}`,
    ...(fixed > 0 ? [`${fixed} fixed`] : []),
    ...(fixable > 0 ? [`${fixable} can be fixed with --fix`] : []),
  ];
  return [
    ...diagnostics.map((diagnostic) => `${printDiagnostic(diagnostic, { color })}\n`),
    `${summary.join(', ')}\n`,
  ].join('');
};

function diagnosticOf({ rule, message, span, fix }: Warning): Diagnostic {
  return {
    severity: 'warning',
    code: rule.name,
    message,
    span,
    ...(fix && { hint: 'kiln lint --fix mends this' }),
    ...(rule.url !== undefined && { url: rule.url }),
  };
}

function inOrder(warnings: readonly Warning[]): readonly Warning[] {
  return warnings.toSorted((a, b) => a.span.start - b.span.start);
}

function count(number: number, noun: string): string {
  return number === 0 ? '' : `${number} ${noun}${number === 1 ? '' : 's'}`;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
