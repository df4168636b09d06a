import { lintForm } from '../../src/engine/inspect/lint-form.ts';
import { compare, type Json, type JsonObject } from './compare.ts';
import { normalize, normalizeError, normalizeWarnings } from './normalize.ts';
import { attempt, type Check, type Scorer } from './outcome.ts';
import { lintAll } from './reference.ts';

interface LintCase {
  readonly id: string;
  readonly dockerfile: string;
  readonly expected: {
    /** `Rule:line: message`, or the parts. */
    readonly warnings: readonly (string | Warning)[];
    readonly error: string | null;
  };
}

interface Warning extends JsonObject {
  readonly rule: string;
  readonly message: string;
  /** First and last line, or a list of such ranges. */
  readonly lines: readonly number[] | readonly (readonly [first: number, last: number])[];
}

/** Scores a case of BuildKit's own tests of its build checks. */
export const scoreLintCase: Scorer = (line) => {
  const { id, dockerfile, expected } = line as LintCase;
  return attempt(id, () => checks(expected, normalize(lintForm(lintAll(dockerfile))) as JsonObject));
};

function checks({ warnings, error }: LintCase['expected'], got: JsonObject): readonly Check[] {
  const inText = warnings.some((warning) => typeof warning === 'string');
  const wanted = warnings.map((warning) =>
    typeof warning === 'string' ? parseWarning(warning) : withFlatLines(warning),
  );
  const found = (got['warnings'] as readonly Warning[]).map((warning) => (inText ? withFirstLine(warning) : warning));
  const failure = got['error'] ?? null;
  return [
    { level: 'warnings', decides: true, differences: compare(normalizeWarnings(wanted), normalizeWarnings(found)) },
    { level: 'error or none', decides: true, differences: compare(error !== null, failure !== null) },
    ...(error !== null && failure !== null ? [errorText(error, failure)] : []),
  ];
}

function errorText(error: Json, failure: Json): Check {
  const differences = compare(normalizeError(error), normalizeError(failure));
  return { level: 'error text', decides: false, differences };
}

function parseWarning(text: string): Warning {
  const [, rule = '', line = '', message = ''] = /^(\w+):(\d+): (.*)$/s.exec(text) ?? [];
  return { rule, lines: [Number(line)], message };
}

function withFirstLine(warning: Warning): Warning {
  return { ...warning, lines: warning.lines.flat().slice(0, 1) };
}

function withFlatLines(warning: Warning): Warning {
  return { ...warning, lines: warning.lines.flat() };
}
