import { basename } from 'node:path';
import { buildkitExcerpt } from '../../diagnostic/excerpt.ts';
import { printableText } from '../../diagnostic/printable.ts';
import type { Source } from '../../diagnostic/source.ts';
import { instructionMessage, type LintResult, type Problem, type Warning } from '../../engine/index.ts';
import { dataOf, fileNameOf, jsonReport, locationOf } from './buildkit-json.ts';

type Checked = Pick<LintResult, 'file' | 'warnings' | 'problems'>;

/**
 * The result of `--check` on standard output.
 *
 * @see https://docs.docker.com/build/checks/
 */
export function checkReport(result: Checked, source: Source, { json }: { readonly json: boolean }): string {
  if (json) return jsonReport(checkJson(result, source));
  const { warnings, problems } = result;
  const blocks = warnings
    .toSorted((a, b) => (a.lines[0] ?? 0) - (b.lines[0] ?? 0))
    .map((warning) => warningText(warning, source));
  if (blocks.length === 0) return problems.length === 0 ? 'Check complete, no warnings found.\n' : '';
  const found = blocks.length === 1 ? '1 warning has been found!' : `${blocks.length} warnings have been found!`;
  return [`Check complete, ${found}\n`, ...blocks, problems.length > 0 ? '\n' : ''].join('');
}

/** The first problem, which is the one BuildKit stops at, and then the others. Ends with a newline. */
export function problemText(
  result: { readonly problems: readonly Problem[]; readonly file?: Checked['file'] },
  source: Source,
): string {
  const name = fileNameOf(source);
  return result.problems
    .map(
      (found) =>
        `${printableText(buildkitMessage(result, found))}\n${buildkitExcerpt(source, name, found.lines ?? [])}`,
    )
    .join('\nERROR: ');
}

function warningText({ rule, message, lines }: Warning, source: Source): string {
  const title = rule.url === undefined ? rule.name : `${rule.name} - ${rule.url}`;
  return `\nWARNING: ${title}\n${printableText(message)}\n${buildkitExcerpt(source, fileNameOf(source), lines)}`;
}

function checkJson(result: Checked, source: Source) {
  const [error] = result.problems;
  const warnings = result.warnings.map(({ rule, message, lines }) => ({
    ruleName: rule.name,
    description: rule.description,
    ...(rule.url !== undefined && { url: rule.url }),
    detail: message.toWellFormed(),
    location: locationOf(lines),
  }));
  return {
    warnings: warnings.length === 0 ? null : warnings,
    sources: [{ filename: basename(fileNameOf(source)), data: dataOf(source), language: 'Dockerfile' }],
    ...(error && {
      buildError: { message: buildkitMessage(result, error).toWellFormed(), location: locationOf(error.lines) },
    }),
  };
}

/** A mistake in reading is told with its lines. */
export function buildkitMessage({ file }: { readonly file?: Checked['file'] }, found: Problem): string {
  return file?.problems.includes(found) ? instructionMessage(found) : found.message;
}
