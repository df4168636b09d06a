import { describe, expect, it } from 'vitest';
import { checkSyntax } from './pattern-syntax.ts';

describe('checkSyntax', () => {
  it.each(['[', 'a[', '[]', '[]a]', '[^]', '[^]a]', '[-]', '[-a]', '[a-]', '[a-b-c]', '[a', '[\\', 'a\\', '[\udc80]'])(
    'refuses %j',
    (pattern) => {
      expect(() => {
        checkSyntax(pattern);
      }).toThrow('syntax error in pattern');
    },
  );

  it.each(['', 'a]', '[a]', '[^a]', '[!a]', '[z-a]', '[\\]\\-]', '[*]', '[😀]', '\\[', '**/*.{a,b}'])(
    'accepts %j',
    (pattern) => {
      checkSyntax(pattern);
    },
  );

  it('looks at the first chunk only, unless that matches a dot', () => {
    checkSyntax('a*[');
    for (const pattern of ['*[', '.*[', '?*[', '\\.*[', '[^a]*[', '[--0]']) {
      expect(() => {
        checkSyntax(pattern);
      }, pattern).toThrow('syntax error in pattern');
    }
  });
});
