import { isKilnError, KilnError } from '../../diagnostic/kiln-error.ts';
import type { Span } from '../../diagnostic/source.ts';
import { cleanPath } from '../../spec/slash-path.ts';
import type { PlacedPattern } from './ignore-file.ts';
import { checkSyntax } from './pattern-syntax.ts';
import { createPathTest, type PathTest } from './pattern.ts';
import { trimSpace } from '../lexer/whitespace.ts';

/** A pattern of an ignore file. */
export interface IgnorePattern {
  /** Without the `!`. */
  readonly text: string;
  /** Whether it brings back what it matches. */
  readonly exception: boolean;
}

/** A pattern, compiled. */
export interface Rule extends IgnorePattern {
  /** How many path segments the pattern has. */
  readonly depth: number;
  readonly test: PathTest;
}

/**
 * Compiles patterns, in order, without the empty ones.
 *
 * @throws KilnError `ignore/bad-pattern`
 */
export function createRules(patterns: readonly (string | PlacedPattern)[]): readonly Rule[] {
  return patterns.flatMap((written) => {
    const { pattern, span } = typeof written === 'string' ? { pattern: written, span: undefined } : written;
    const trimmed = trimSpace(pattern);
    return trimmed === '' ? [] : [placedRule(cleanPath(trimmed), span)];
  });
}

/** What is wrong with a pattern may only show when it is used. */
function placedRule(cleaned: string, span: Span | undefined): Rule {
  if (!span) return createRule(cleaned);
  const rule = withPlace(span, () => createRule(cleaned));
  return { ...rule, test: (path) => withPlace(span, () => rule.test(path)) };
}

function withPlace<Result>(span: Span, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    if (!isKilnError(error)) throw error;
    const { code, message, hint } = error;
    throw new KilnError(code, message, { hint, span, cause: error });
  }
}

function createRule(cleaned: string): Rule {
  const exception = cleaned.startsWith('!');
  const text = exception ? cleaned.slice(1) : cleaned;
  if (text === '') {
    throw new KilnError('ignore/bad-pattern', 'illegal exclusion pattern: "!"', {
      hint: 'write what to bring back behind the exclamation mark, as in "!README.md"',
    });
  }
  checkSyntax(text);
  return { text, exception, depth: text.split('/').length, test: createPathTest(text) };
}
