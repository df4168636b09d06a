import { describe, expect, it } from 'vitest';
import { createIgnoreMatcher } from './matcher.ts';

function kept(patterns: readonly string[], paths: readonly string[]): readonly string[] {
  const matcher = createIgnoreMatcher(patterns);
  return paths.filter((path) => !matcher.matches(path));
}

describe('createIgnoreMatcher', () => {
  it('lists the patterns cleaned, without the empty ones', () => {
    const { patterns, hasExceptions } = createIgnoreMatcher(['', ' a/ ', '!b/./c', '\t']);
    expect(patterns).toEqual([
      { text: 'a', exception: false },
      { text: 'b/c', exception: true },
    ]);
    expect(hasExceptions).toBe(true);
    expect(createIgnoreMatcher(['a']).hasExceptions).toBe(false);
  });

  it('cleans an exception together with its exclamation mark, like the reference', () => {
    expect(createIgnoreMatcher(['!./a', '! b', '!b/../c']).patterns).toEqual([
      { text: './a', exception: true },
      { text: ' b', exception: true },
      { text: 'c', exception: false },
    ]);
  });

  it.each(['!', ' ! ', '!/'])('refuses %j', (pattern) => {
    expect(() => createIgnoreMatcher(['a', pattern])).toThrow(
      expect.objectContaining({ code: 'ignore/bad-pattern', message: 'illegal exclusion pattern: "!"' }),
    );
  });

  it('refuses a pattern with broken brackets and says which', () => {
    expect(() => createIgnoreMatcher(['a', '[b'])).toThrow(
      expect.objectContaining({
        code: 'ignore/bad-pattern',
        message: 'syntax error in pattern',
        hint: 'check the brackets and backslashes of "[b"',
      }),
    );
  });
});

describe('matches', () => {
  const paths = ['a', 'a/b', 'a/b/c', 'b', 'b/a'];

  it('excludes what is in an excluded directory', () => {
    expect(kept(['a/b'], paths)).toEqual(['a', 'b', 'b/a']);
  });

  it('lets the last matching pattern decide', () => {
    expect(kept(['*', '!a'], paths)).toEqual(['a', 'a/b', 'a/b/c']);
    expect(kept(['!a', '*'], paths)).toEqual([]);
    expect(kept(['*', '!a', 'a/b'], paths)).toEqual(['a']);
  });

  it('excludes nothing without patterns', () => {
    expect(kept([], paths)).toEqual(paths);
  });

  it('throws for a pattern that only fails in use, and only once it is asked', () => {
    const matcher = createIgnoreMatcher(['a', '![z-a]', '!b']);
    expect(matcher.matches('c')).toBe(false);
    expect(() => matcher.matches('a')).toThrow('syntax error in pattern');
  });
});

describe('matchesPath', () => {
  it('looks at the directory as deep as the pattern, no other', () => {
    const matcher = createIgnoreMatcher(['**/a']);
    expect(matcher.matches('a/x/y')).toBe(true);
    expect(matcher.matchesPath('a/x/y')).toBe(false);
    expect(matcher.matchesPath('x/a/y')).toBe(true);
    expect(createIgnoreMatcher(['a']).matchesPath('a/x/y')).toBe(true);
  });
});

describe('enter', () => {
  it('hands on what matched a directory', () => {
    const matcher = createIgnoreMatcher(['*', '!a', 'a/b']);
    const a = matcher.enter(matcher.root(), 'a');
    const b = matcher.enter(a.match, 'a/b');
    expect([a.excluded, b.excluded]).toEqual([false, true]);
    expect(matcher.enter(b.match, 'a/b/c').excluded).toBe(true);
    expect(matcher.enter(a.match, 'a/c').excluded).toBe(false);
  });

  it('looks at all directories above where nothing is known', () => {
    const matcher = createIgnoreMatcher(['a']);
    expect(matcher.enter(matcher.root(), 'a/b/c').excluded).toBe(true);
  });

  it('does not count a pattern that the directory was not asked about, unlike matches', () => {
    const matcher = createIgnoreMatcher(['a/b', '!a']);
    const a = matcher.enter(matcher.root(), 'a');
    expect(matcher.enter(a.match, 'a/b').excluded).toBe(true);
    expect(matcher.matches('a/b')).toBe(false);
  });
});

describe('mayPrune', () => {
  it.each<[patterns: readonly string[], directory: string, answer: boolean]>([
    [['*'], 'a', true],
    [['*', '!b'], 'a', true],
    [['*', '!a/b'], 'a', false],
    [['*', '!a/b'], 'a/b', false],
    [['*', '!a/b'], 'a/b/c', true],
    [['*', '!ab'], 'a', true],
    [['*', '!a/*'], 'a', false],
    [['*', '!a/*/**'], 'a', false],
    [['*', '!b/**'], 'a', true],
    [['*', '!*/b'], 'a', false],
    [['*', '!b', '!**/c'], 'a', false],
    [['*', '!c?'], 'a', false],
    [['*', '!*'], 'a', false],
  ])('with %j in %j is %j', (patterns, directory, answer) => {
    expect(createIgnoreMatcher(patterns).mayPrune(directory)).toBe(answer);
  });
});
