import { KilnError } from '../../diagnostic/kiln-error.ts';
import { createAutomaton, matchPrefix, type GlobNode } from '../glob/automaton.ts';
import { createMembershipTest } from '../glob/code-point-set.ts';
import { badPattern } from './bad-pattern.ts';
import { parseExpression } from './expression.ts';
import { planPattern } from './expression-text.ts';
import { globNodes, regExpSource } from './term-matching.ts';
import { expandedLength, isCounted, stars, type Expression, type Term } from './term.ts';

/** Beyond this, Go refuses to compile an expression. */
const longestExpression = (128 * 1024 * 1024) / 40;

const slash = 0x2f;

const anything: GlobNode = { kind: 'atom', test: () => true, repeat: true };

/** Whether a pattern matches a path itself; the paths above it are the matcher's business. */
export type PathTest = (path: string) => boolean;

/**
 * Compiles a cleaned pattern without its `!`.
 *
 * Some mistakes count only once the pattern is used, since the reference compiles late: the test then throws.
 *
 * @returns a test that throws KilnError `ignore/bad-pattern` if Go's regular expressions refuse the pattern.
 */
export function createPathTest(pattern: string): PathTest {
  const plan = planPattern(pattern);
  switch (plan.kind) {
    case 'exact':
      return (path) => path === pattern;
    case 'prefix':
      return prefixTest(pattern.slice(0, -'**'.length));
    case 'suffix':
      // Behind a byte order mark, the two bytes that Go cuts off are not the stars: its third byte stays.
      return suffixTest(pattern.startsWith('**') ? pattern.slice('**'.length) : `\udcbf${pattern.slice(1)}`);
    case 'expression':
      return expressionTest(plan.text, pattern);
  }
}

function prefixTest(prefix: string): PathTest {
  return (path) => path.startsWith(prefix);
}

function suffixTest(suffix: string): PathTest {
  if (!suffix.startsWith('/')) return (path) => path.endsWith(suffix);
  const name = suffix.slice(1);
  return (path) => path.endsWith(suffix) || path === name;
}

function expressionTest(text: string, pattern: string): PathTest {
  let expression: Expression;
  try {
    expression = parseExpression(text, pattern);
    if (expression.some((terms) => expandedLength(terms) > longestExpression)) throw badPattern(pattern);
  } catch (error) {
    if (!(error instanceof KilnError)) throw error;
    return () => {
      throw error;
    };
  }
  const alternatives = expression.map(alternativeTest);
  const [only] = alternatives;
  const matches = only && alternatives.length === 1 ? only : (path: string) => alternatives.some((test) => test(path));
  // Go reads each byte that is not UTF-8 as U+FFFD, and only here: the other kinds of pattern compare bytes.
  return (path) => matches(path.toWellFormed());
}

function alternativeTest(terms: readonly Term[]): PathTest {
  const matches = termsTest(terms);
  const prefix = fixedPrefix(terms);
  const suffix = fixedSuffix(terms);
  return (path) => path.endsWith(suffix) && path.startsWith(prefix) && matches(path);
}

function termsTest(terms: readonly Term[]): PathTest {
  if (canBacktrack(terms)) {
    const pattern = new RegExp(regExpSource(terms), 'u');
    return (path) => pattern.test(path);
  }
  const nodes = globNodes(terms);
  const automaton = createAutomaton(isAnchored(terms) ? nodes : [anything, ...nodes]);
  const literals = terms.flatMap((term) => (term.kind === 'literal' ? [term.text] : []));
  return (path) => containsInOrder(path, literals) && matchPrefix(automaton, path, 'shortest') !== undefined;
}

/**
 * Whether V8's regular expressions, fast but backtracking, are good for the terms in the worst case too: one star that
 * crosses `/` and one that stays within a name take time in the order of the path's length times the longest name. V8
 * writes counted repetitions out and refuses what gets too large.
 */
function canBacktrack(terms: readonly Term[]): boolean {
  const all = stars(terms);
  const crossing = all.filter(({ set }) => createMembershipTest(set)(slash));
  return all.length <= 2 && crossing.length <= (isAnchored(terms) ? 1 : 0) && !terms.some(isCounted);
}

/** Whether a path has all the texts, one behind the other: cheaper to find out than whether it matches. */
function containsInOrder(path: string, texts: readonly string[]): boolean {
  let at = 0;
  for (const text of texts) {
    const found = path.indexOf(text, at);
    if (found < 0) return false;
    at = found + text.length;
  }
  return true;
}

/** Text that every match starts with; cheap to look for first. */
function fixedPrefix([first, second]: readonly Term[]): string {
  return isAssertion(first, 'start') && second?.kind === 'literal' ? second.text : '';
}

/** Text that every match ends with. */
function fixedSuffix(terms: readonly Term[]): string {
  const [beforeLast, last] = terms.slice(-2);
  return isAssertion(last, 'end') && beforeLast?.kind === 'literal' ? beforeLast.text : '';
}

function isAnchored([first]: readonly Term[]): boolean {
  return isAssertion(first, 'start');
}

function isAssertion(term: Term | undefined, name: 'start' | 'end'): boolean {
  return term?.kind === 'assertion' && term.name === name;
}
