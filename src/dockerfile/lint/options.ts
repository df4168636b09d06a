import { quote } from '../../spec/quote.ts';
import { ValueError } from '../../spec/value-error.ts';
import { matchDirective } from '../lexer/directives.ts';
import { trimSpace } from '../lexer/whitespace.ts';
import type { Comment } from '../parser/ast.ts';
import { parseBoolean } from '../values/boolean.ts';

/** Which rules count. */
export interface LintOptions {
  readonly skip: ReadonlySet<string> | 'all';
  /** Experimental rules to run. */
  readonly experimental: ReadonlySet<string> | 'all';
  /** Any warning is an error. */
  readonly error: boolean;
}

/** No `# check=` anywhere. */
export const defaultLintOptions: LintOptions = { skip: new Set(), experimental: new Set(), error: false };

/**
 * Reads `skip=A,B;experimental=C;error=true`.
 *
 * Throws {@link ValueError}.
 *
 * @see https://docs.docker.com/reference/dockerfile/#check
 */
export function parseLintOptions(text: string): LintOptions {
  const trimmed = trimSpace(text);
  let options = defaultLintOptions;
  if (trimmed === '') return options;
  for (const part of splitThree(trimmed)) {
    const equals = part.indexOf('=');
    if (equals < 0) throw new ValueError(`invalid check option ${quote(part)}`);
    const key = trimSpace(part.slice(0, equals));
    const value = trimSpace(part.slice(equals + 1));
    if (key === 'skip' || key === 'experimental') options = { ...options, [key]: ruleSet(value, options[key]) };
    else if (key === 'error') options = { ...options, error: parseSwitch(part, value) };
    else throw new ValueError(`invalid check option ${quote(key)}`);
  }
  return options;
}

/** The options for an instruction: those of the file, and those of the first `check=` in its comments. */
export function mergeComments(options: LintOptions, comments: readonly Comment[]): LintOptions {
  for (const { value } of comments) {
    const directive = matchDirective(value, '');
    if (directive?.name !== 'check') continue;
    try {
      const { skip, experimental } = parseLintOptions(directive.value.split(' ', 1)[0] ?? '');
      const merged = { skip: merge(options.skip, skip), experimental: merge(options.experimental, experimental) };
      return { ...options, ...merged };
    } catch (error) {
      if (error instanceof ValueError) return options;
      throw error;
    }
  }
  return options;
}

/** There are three options; a fourth part belongs to the third. */
function splitThree(text: string): readonly string[] {
  const [first = '', second, ...rest] = text.split(';');
  return [first, ...(second === undefined ? [] : [second]), ...(rest.length === 0 ? [] : [rest.join(';')])];
}

/** Of several lists the last one counts; `all` stays. */
function ruleSet(value: string, before: LintOptions['skip']): LintOptions['skip'] {
  return value === 'all' || before === 'all' ? 'all' : new Set(value.split(',').map(trimSpace));
}

function parseSwitch(part: string, value: string): boolean {
  try {
    return parseBoolean(value);
  } catch (error) {
    if (error instanceof ValueError)
      throw new ValueError(`failed to parse check option ${quote(part)}: ${error.message}`);
    throw error;
  }
}

function merge(a: LintOptions['skip'], b: LintOptions['skip']): LintOptions['skip'] {
  return a === 'all' || b === 'all' ? 'all' : new Set([...a, ...b]);
}
