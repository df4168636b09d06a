import { describe, expect, it } from 'vitest';
import { didYouMean, suggest, suggestAnyCase } from './suggest.ts';

describe('suggest', () => {
  it.each([
    ['mout', ['mount', 'network'], 'mount'],
    ['chwon', ['chown', 'chmod'], 'chown'],
    ['interv', ['interval', 'timeout'], 'interval'],
    ['x', ['chown'], undefined],
    ['ab', ['ac', 'ad'], 'ac'],
  ])('takes %j among %j for %j', (word, options, meant) => {
    expect(suggest(word, options)).toBe(meant);
  });

  it('has nothing to say about a word that is right', () => {
    expect(suggest('link', ['lint', 'link'])).toBeUndefined();
  });

  it('counts code points, not UTF-16 units', () => {
    expect(suggest('𝄞𝄞', ['ab'])).toBe('ab');
  });
});

describe('suggestAnyCase', () => {
  it.each([
    ['FORM', 'FROM'],
    ['form', 'from'],
    ['Form', 'from'],
  ])('answers %j in its own case: %j', (word, meant) => {
    expect(suggestAnyCase(word, ['FROM', 'RUN'])).toBe(meant);
  });
});

describe('didYouMean', () => {
  it('adds the suggestion to a message, if there is one', () => {
    expect(didYouMean('FROM')).toBe(' (did you mean FROM?)');
    expect(didYouMean(undefined)).toBe('');
  });
});
