import { KilnError } from '../../diagnostic/kiln-error.ts';
import { cleanPath } from '../../spec/slash-path.ts';
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
export function createRules(patterns: readonly string[]): readonly Rule[] {
  return patterns
    .map(trimSpace)
    .filter((pattern) => pattern !== '')
    .map((pattern) => createRule(cleanPath(pattern)));
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
