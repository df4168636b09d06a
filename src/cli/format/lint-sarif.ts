import type { Span } from '../../diagnostic/source.ts';
import { rules, type Warning } from '../../engine/index.ts';
import { version } from '../version.ts';
import { placeOf } from './lint-json.ts';
import type { LintFormatter } from './lint-report.ts';

/**
 * For code scanning services.
 *
 * @see https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
 */
export const formatLintSarif: LintFormatter = (files) => {
  const results = files.flatMap(({ path, result: { problems, warnings } }) => [
    ...problems.map(({ code, message, span }) => ({ ruleId: code, level: 'error', ...findingOf(path, message, span) })),
    ...warnings.map((warning) => ({
      ruleId: warning.rule.name,
      ruleIndex: rules.indexOf(warning.rule),
      level: 'warning',
      ...findingOf(path, warning.message, warning.span),
      ...(warning.fix && { fixes: [fixOf(path, warning)] }),
    })),
  ]);
  const driver = {
    name: 'kiln',
    version,
    rules: rules.map(({ name, description, url }) => ({
      id: name,
      shortDescription: { text: description },
      ...(url !== undefined && { helpUri: url }),
    })),
  };
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [{ tool: { driver }, columnKind: 'utf16CodeUnits', results }],
  };
  return `${JSON.stringify(log, undefined, 2)}\n`;
};

function findingOf(path: string, message: string, span: Span) {
  return {
    message: { text: message.toWellFormed() },
    locations: [{ physicalLocation: { artifactLocation: { uri: uriOf(path) }, region: regionOf(span) } }],
  };
}

function fixOf(path: string, { fix = [], rule }: Warning) {
  const replacements = fix.map(({ span, text }) => ({ deletedRegion: regionOf(span), insertedContent: { text } }));
  return {
    description: { text: rule.description },
    artifactChanges: [{ artifactLocation: { uri: uriOf(path) }, replacements }],
  };
}

function regionOf(span: Span) {
  const { line, column, endLine, endColumn } = placeOf(span);
  return { startLine: line, startColumn: column, endLine, endColumn };
}

function uriOf(path: string): string {
  if (path === '-') return 'stdin';
  return (path.startsWith('/') ? 'file://' : '') + path.split('/').map(encodeURIComponent).join('/');
}
