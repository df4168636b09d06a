import { expect, test } from 'vitest';
import { scoreShellWord } from './shell-words.ts';

const asked = { id: 'x', op: 'word', env: ['A=a b'], escape: '\\' };

function differences(word: string, expected: object): readonly unknown[] {
  const outcome = scoreShellWord({ ...asked, word, expected }, 1);
  return outcome?.checks.flatMap((check) => check.differences) ?? [];
}

test.each([
  ['plain', 'plain', ['plain']],
  ['$A"$A"', 'a ba b', ['a', 'ba b']],
])('the answer to %s counts as right, and another one as wrong', (word, result, words) => {
  expect(differences(word, { error: null, result, words })).toEqual([]);
  expect(differences(word, { error: null, result: 'other', words })).toHaveLength(1);
  expect(differences(word, { error: null, result, words: ['other'] })).not.toEqual([]);
  expect(differences(word, { error: 'an error' })).toHaveLength(1);
});

test('an error where one is expected counts as right', () => {
  expect(differences('${A', { error: 'failed to process "${A": unsupported modifier (�) in substitution' })).toEqual(
    [],
  );
  expect(differences('${A', { error: null, result: '', words: [] })).toHaveLength(1);
});
