import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseExpression } from './expression.ts';
import { planPattern } from './expression-text.ts';
import { createPathTest } from './pattern.ts';
import { globNodes, regExpSource } from './term-matching.ts';
import { createAutomaton, matchPrefix } from '../glob/automaton.ts';

/** The paths of a list that a pattern matches. */
function matching(pattern: string, paths: readonly string[]): readonly string[] {
  return paths.filter(createPathTest(pattern));
}

describe('a pattern', () => {
  it.each<[pattern: string, yes: readonly string[], no: readonly string[]]>([
    ['a.b', ['a.b'], ['aab', 'a.b/c']],
    ['*', ['a', '.a', '', 'a\nb'], ['a/b']],
    ['*.go', ['a.go', '.go'], ['a/b.go', 'a.got', 'axgo']],
    ['?', ['a', '😀'], ['', 'ab', '/']],
    ['a/*/c', ['a/b/c', 'a//c'], ['a/b/b/c', 'a/c']],
    ['**', ['', 'a', 'a/b', 'a\nb'], []],
    ['**/a', ['a', 'b/a', 'b/c/a'], ['ba', 'a/b']],
    ['**a', ['a', 'ba', 'b/ca'], ['ab']],
    ['**/*.go', ['a.go', 'b/c/a.go'], ['a.go/b']],
    ['a/**', ['a/', 'a/b', 'a/b/c'], ['a', 'ab']],
    ['a**', ['a', 'ab', 'a/b'], ['b/a']],
    ['a/**/b', ['a/b', 'a/x/b', 'a/x/y/b'], ['a/xb', 'ab']],
    ['a**b', ['ab', 'ax/b', 'a/b'], ['axb']],
    ['***', ['a', 'a/b', ''], ['a\nb/c']],
    ['a|b', ['a|b'], ['a', 'b']],
    ['{a,b}*', ['{a,b}', '{a,b}c'], ['a', 'b']],
    ['é?', ['éa', 'éé'], ['é']],
    ['^a', ['^a'], ['a']],
  ])('%j matches %j and not %j', (pattern, yes, no) => {
    expect(matching(pattern, [...yes, ...no])).toEqual(yes);
  });

  it.each<[pattern: string, yes: readonly string[], no: readonly string[]]>([
    ['[ab]', ['a', 'b'], ['c', 'ab', '']],
    ['[^a]', ['b', '/', '\n'], ['a', '']],
    ['[!a]', ['a', '!'], ['b']],
    ['[a-c]x', ['ax', 'cx'], ['dx', '-x']],
    ['[\\]\\-]', [']', '-'], ['\\', 'a']],
    ['[[]', ['['], [']']],
    ['[é-ü]', ['ê'], ['e']],
    ['[[:alpha:]]', ['a', 'Z'], ['0', 'é', ':']],
    ['[[:^alpha:]-]', ['0', 'é', '-'], ['a']],
    ['[[:space:]]', [' ', '\v', '\n'], ['\u00a0']],
    ['[\\s]', [' ', '\n'], ['\v', 's']],
    ['[\\d_]', ['1', '_'], ['d', '\\']],
    ['[^\\w]', ['-', 'é'], ['a', '_', '0']],
    ['[\\pL]', ['a', 'é', '語'], ['1']],
    ['[a[:b]', ['a', '[', ':', 'b'], ['c']],
  ])('with the class %j matches %j and not %j', (pattern, yes, no) => {
    expect(matching(pattern, [...yes, ...no])).toEqual(yes);
  });

  it.each<[pattern: string, yes: readonly string[], no: readonly string[]]>([
    ['a\\*b', ['a*b'], ['axb', 'a\\*b']],
    ['\\[a\\]', ['[a]'], ['a']],
    ['\\.git', ['.git'], ['xgit', '\\.git']],
    ['\\d', ['1'], ['d']],
    ['\\D+', ['a+'], ['1+', 'a']],
    ['\\PL', ['1'], ['a']],
    ['\\p{Greek}', ['α'], ['a']],
    ['\\p{^Lu}', ['a', '1'], ['A']],
    ['\\x41\\x{1F600}', ['A😀'], ['x41']],
    ['\\101\\n', ['A\n'], ['101n']],
    ['foo\\bar', [], ['foobar', 'foo\\bar']],
    ['a\\b-', ['a-'], ['ab-']],
    ['a\\B?', ['ab'], ['a-']],
    ['\\Aa\\z', ['a'], ['Aaz']],
    ['\\Qa.*\\E?', ['a\\.[^/]*b'], ['a.*', 'axb']],
    ['\\Qa', ['a$', 'a$b'], ['a', 'xa$']],
    ['\\_\\!', ['_!'], []],
  ])('with the escape in %j matches %j and not %j', (pattern, yes, no) => {
    expect(matching(pattern, [...yes, ...no])).toEqual(yes);
  });

  it.each<[pattern: string, yes: readonly string[], no: readonly string[]]>([
    ['[a*]', [']', 'aa/[]'], ['a', '*']],
    ['[a?]', ['a]', '/]'], ['a', '?']],
    ['[a.]', ['a', '.'], ['\\', 'x']],
    ['[ab]{2}', ['ab'], ['a{2}', 'a', 'aba']],
    ['a?{1,2}b{0}', ['ax', 'axy'], ['a', 'axyz']],
    ['[ab]{1,}', ['a', 'abab'], ['']],
    ['[ab]{02}', ['a{02}'], ['aa']],
    ['a*|b', ['a', 'ax', 'a/x', 'xb', 'b'], ['xa', 'bx']],
    ['^a*', ['a', 'ab'], ['^a']],
    ['a^*', [], ['a^', 'a']],
    ['*x$', ['x$', 'ax$'], ['x']],
  ])('lets Go syntax show through: %j matches %j and not %j', (pattern, yes, no) => {
    expect(matching(pattern, [...yes, ...no])).toEqual(yes);
  });

  it.each([
    '[z-a]',
    'a*[',
    'a*[]',
    '[a-*]',
    '[[:foo:]]',
    '[\\d-\\s]\\q',
    '\\C',
    '\\q',
    '\\E',
    '\\1',
    '\\8',
    '\\é',
    '\\x4',
    '\\x{110000}',
    '\\pX',
    '\\p{Nothing}',
    '\\p{Han',
    '*{2}',
    'a**{2}',
    '?{2}{3}',
    '*|{2}',
    '?{1001}',
    '?{2,1}',
  ])('that Go refuses is an error in use: %j', (pattern) => {
    const test = createPathTest(pattern);
    expect(() => test('a')).toThrow(
      expect.objectContaining({ code: 'ignore/bad-pattern', message: 'syntax error in pattern' }),
    );
  });

  it('that would get too large for Go is an error in use', () => {
    expect(() => createPathTest('?{1000}'.repeat(4000))('a')).toThrow('syntax error in pattern');
  });

  it('ignores a byte order mark only together with wildcards', () => {
    expect(matching('\ufeffa*', ['ab'])).toEqual(['ab']);
    expect(matching('\ufeffa', ['a', '\ufeffa'])).toEqual(['\ufeffa']);
    expect(matching('\ufeff**/a', ['a', 'b/a', '*/a'])).toEqual([]);
  });

  it('takes a byte that was not UTF-8 for U+FFFD, but only together with wildcards', () => {
    expect(matching('a\udc80*', ['a\udc80', 'a\udc81', 'a\ufffd'])).toEqual(['a\udc80', 'a\udc81', 'a\ufffd']);
    expect(matching('a\udc80', ['a\udc80', 'a\udc81', 'a\ufffd'])).toEqual(['a\udc80']);
  });

  it.each([
    ['many stars', '*a*a*a*a*a*a*a*b*c*'],
    ['many stars that cross directories', '**a**a**a**a**a**[b]'],
    ['many directories', '**/a/**/a/**/a/**/[b]'],
    ['stars and question marks', '*?*?*?*?*?*?[b]'],
    ['large ranges of counts', '[ab]{0,1000}[ab]{0,1000}[ab]{0,1000}[c]'],
    ['large counts', '?{1000}'.repeat(20)],
    ['alternatives', '*|a*a*a*a*[b]|[c]'],
    ['as many stars as a line has room for', `${'*a'.repeat(10_000)}[b]`],
    ['openings of POSIX classes', `a*[${'[:'.repeat(30_000)}b]`],
    ['a large class with a large count', `[${'é-ü'.repeat(5_000)}]{1000}`],
  ])('with %s gets through long paths', (_, pattern) => {
    const test = createPathTest(pattern);
    for (const path of ['a'.repeat(4096), 'a/'.repeat(2048), `b${'a'.repeat(4000)}bc`]) {
      expect([true, false]).toContain(test(path));
    }
  });
});

describe('both ways to match an expression', () => {
  const pieces = [
    'a',
    'b',
    '/',
    '*',
    '**',
    '**/',
    '?',
    '[ab]',
    '[^a]',
    '[a*]',
    '\\b',
    '{2}',
    '{0,2}',
    '\\d',
    '^',
    '|',
    '.',
  ];
  const patterns = fc.array(fc.constantFrom(...pieces), { maxLength: 6 }).map((parts) => parts.join(''));
  const paths = fc.string({ unit: fc.constantFrom('a', 'b', '/', '1', '.', '😀', '\n'), maxLength: 8 });

  it('agree', () => {
    fc.assert(
      fc.property(patterns, paths, (pattern, path) => {
        const plan = planPattern(pattern);
        fc.pre(plan.kind === 'expression');
        for (const terms of expressionOf(plan.text)) {
          const pattern = new RegExp(`^(?:${regExpSource(terms)})`, 'u');
          const prefix = matchPrefix(createAutomaton(globNodes(terms)), path, 'shortest');
          expect(prefix !== undefined).toBe(pattern.test(path));
        }
      }),
    );
  });

  function expressionOf(text: string): ReturnType<typeof parseExpression> {
    try {
      return parseExpression(text, text);
    } catch {
      return [];
    }
  }
});
