import { didYouMean, suggest } from '../../diagnostic/suggest.ts';
import type { BuildRequest } from './build-request.ts';
import { flagError } from './flag-error.ts';

/** How a plan is printed. */
export type PlanFormat = 'text' | 'json' | 'dot' | 'mermaid' | 'html' | 'svg';

/** What `kiln plan` is asked to do. */
export interface PlanRequest {
  /** The build whose plan it is. */
  readonly build: BuildRequest;
  readonly format: PlanFormat;
}

const formats = ['text', 'json', 'dot', 'mermaid', 'html', 'svg'] as const satisfies readonly PlanFormat[];

/** `--format`. Throws KilnError `cli/flag`. */
export function readPlanFormat(text = 'text'): PlanFormat {
  const format = formats.find((name) => name === text);
  if (format) return format;
  throw flagError(
    `unknown format ${text}${didYouMean(suggest(text, formats))}`,
    `the formats are ${formats.join(', ')}`,
  );
}
