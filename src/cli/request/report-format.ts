import { flagError } from './flag-error.ts';

/** `--format` of commands that print a table. */
export type ReportFormat = 'table' | 'json';

/** Throws KilnError `cli/flag`. */
export function readReportFormat(text = 'table'): ReportFormat {
  if (text === 'table' || text === 'json') return text;
  throw flagError(`unknown format ${text}`, 'the formats are table and json');
}
