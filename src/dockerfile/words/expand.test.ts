import { describe, expect, test } from 'vitest';
import { environmentFromList } from './environment.ts';
import { expandWord } from './expand.ts';
import type { ExpandOptions } from './expand.ts';
import { WordError } from './word-error.ts';

const environment = environmentFromList([
  'NAME=value',
  'EMPTY=',
  'TWO=a  b',
  'é=acute',
  '1=one',
  '@=all',
  'BYTE=\udcff',
]);

function expand(word: string, options: Partial<ExpandOptions> = {}): string {
  return expandWord(word, environment, { escape: '\\', ...options }).result;
}

function failure(word: string): WordError {
  try {
    expand(word);
  } catch (error) {
    if (error instanceof WordError) return error;
  }
  throw new Error(`${word} expanded`);
}

describe('text', () => {
  test.each([
    ['', ''],
    ['plain', 'plain'],
    [`'a $NAME \\'b`, 'a $NAME \\b'],
    [`"it's $NAME"`, "it's value"],
    ['"\\"\\$\\\\\\n"', '"$\\\\n'],
    ['\\$NAME\\a\\', '$NAMEa'],
    ['a<b << c', 'a<b << c'],
    ['\ufeffa\ufeff', 'a\ufeff'],
    ['a\udcffb', 'a\ufffdb'],
  ])('%j expands to %j', (word, result) => {
    expect(expand(word)).toBe(result);
  });

  test('the escape character can be a backtick', () => {
    expect(expand('`$a\\b"`"`x"', { escape: '`' })).toBe('$a\\b"`x');
  });

  test('rawQuotes keeps quotes', () => {
    expect(expand(`'a'"$NAME"`, { rawQuotes: true })).toBe(`'a'"value"`);
  });

  test('rawEscapes keeps escape characters, and doubles those that escape nothing in double quotes', () => {
    expect(expand('\\a"\\"\\n"', { rawEscapes: true })).toBe('\\a\\"\\\\n');
  });

  test('skipQuotes takes quotes for text', () => {
    expect(expand(`'$NAME"`, { skipQuotes: true })).toBe(`'value"`);
  });
});

describe('variables', () => {
  test.each([
    ['$NAME/$NONE.', 'value/.'],
    ['$é', 'acute'],
    ['$1x$12', 'onex'],
    ['$@x', 'allx'],
    ['$ $', '$ $'],
    ['${NAME}x', 'valuex'],
    ['${@}x', 'allx'],
    ['$BYTE', '\udcff'],
  ])('%j expands to %j', (word, result) => {
    expect(expand(word)).toBe(result);
  });

  test.each([
    ['${NAME:-d}', 'value'],
    ['${EMPTY:-d}', 'd'],
    ['${EMPTY-d}', ''],
    ['${NONE-d}', 'd'],
    ['${NONE:-${NAME}"}"\\}}', 'value}}'],
    ['${NAME:+w}', 'w'],
    ['${EMPTY:+w}', ''],
    ['${EMPTY+w}', 'w'],
    ['${NONE+w}', ''],
    ['${NAME:?e}', 'value'],
    ['${EMPTY?e}', ''],
  ])('the default in %j gives %j', (word, result) => {
    expect(expand(word)).toBe(result);
  });

  test('keepUnset leaves what is not set, with its word expanded', () => {
    const word = '$NONE ${NONE} ${NONE:-$NAME} ${NONE#*} ${NONE//a/b}';
    expect(expand(word, { keepUnset: true })).toBe('$NONE ${NONE} ${NONE:-value} ${NONE#*} ${NONE/a/b}');
  });

  test('the variables used are told in order of first use, set and not set', () => {
    const { matched, unmatched } = expandWord('$Z${Y:-$NAME}$EMPTY$NAME$Z', environment, { escape: '\\' });
    expect([...matched]).toEqual(['NAME', 'EMPTY']);
    expect([...unmatched]).toEqual(['Z', 'Y']);
  });
});

describe('patterns', () => {
  const path = environmentFromList(['P=/a/b/c.d.e', 'L=a\nb', 'S=x*y', 'H=#', 'D=$']);
  test.each([
    ['${P#*/}', 'a/b/c.d.e'],
    ['${P##*/}', 'c.d.e'],
    ['${P%.*}', '/a/b/c.d'],
    ['${P%%.*}', '/a/b/c'],
    ['${P#?a}', '/b/c.d.e'],
    ['${P#[/]}', '/a/b/c.d.e'],
    ['${P#$H*/}', 'c.d.e'],
    ['${S%\\*y}', 'x'],
    ['${L#a?}', 'a\nb'],
    ['${L##*}', '\nb'],
    ['${P/\\//-}', '-a/b/c.d.e'],
    ['${P//\\//-}', '-a-b-c.d.e'],
    ['${P//b*d/<}', '/a/<.e'],
    ["${S//?/'$0$0$1'$D$D}", 'xx$**$yy$'],
    ["${S/?/'$0'}", '$0*y'],
    ['${NONE//*/x}', 'x'],
  ])('%j expands to %j', (word, result) => {
    expect(expandWord(word, path, { escape: '\\' }).result).toBe(result);
  });
});

describe('words', () => {
  test.each([
    ['', []],
    [' a\tb\u00a0c ', ['a', 'b', 'c']],
    ['a" b "c', ['a b c']],
    ['\\ a', [' a']],
    ["''", []],
    ['x$TWO', ['xa', 'b']],
    ['x"$TWO"', ['xa  b']],
    ['<< \tEND', ['<< \tEND']],
    ['a x${NONE:-b c}d', ['a', 'b', 'cd']],
    ['$BYTE"$BYTE"', ['\ufffd\udcff']],
  ])('%j splits into %j', (text, words) => {
    expect(expandWord(text, environment, { escape: '\\' }).words).toEqual(words);
  });
});

describe('errors', () => {
  test.each([
    [`a'b`, 'unexpected end of statement while looking for matching single-quote', 1],
    [`a"b`, 'unexpected end of statement while looking for matching double-quote', 1],
    ['a${', "syntax error: missing '}'", 1],
    ['a${}', 'syntax error: bad substitution', 3],
    ['${:-a}', 'syntax error: bad substitution', 2],
    ['a${b', 'unsupported modifier (\ufffd) in substitution', 4],
    ['${NAME^}', 'unsupported modifier (^) in substitution', 6],
    ['${NAME:%a}', 'unsupported modifier (:%) in substitution', 6],
    ['${NAME:😀a}', 'unsupported modifier (:😀) in substitution', 6],
    ['a${b:-c', "syntax error: missing '}'", 1],
    ['${a:-"${b?c}', "syntax error: missing '}'", 0],
    ['${a/b}', "syntax error: missing '/' in ${}", 0],
    ['${a/b/c', "syntax error: missing '}'", 0],
    ['a${NONE?}', 'NONE: is not allowed to be unset', 1],
    ['${EMPTY:?}', 'EMPTY: is not allowed to be empty', 0],
    ['${NONE:?no $NAME}', 'NONE: no value', 0],
    ['${NAME#\\a}', "invalid pattern (\\a) in substitution: invalid escape '\\a'", 7],
  ])('%j is refused: %s', (word, reason, offset) => {
    const error = failure(word);
    expect(error.reason).toBe(reason);
    expect(error.offset).toBe(offset);
  });

  test('the message starts with the word in quotes', () => {
    expect(failure(`a'\n`).message).toBe(
      'failed to process "a\'\\n": unexpected end of statement while looking for matching single-quote',
    );
  });

  test('the variables used until then are told', () => {
    const { matched, unmatched } = failure('$NAME$NONE${');
    expect([...matched]).toEqual(['NAME']);
    expect([...unmatched]).toEqual(['NONE']);
  });
});
